package io.millrace.core.bandit.adversarial;

import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Elementary;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Set;

/**
 * EXP3-IX, with implicit exploration. Neu, "Explore no more: Improved high-probability regret
 * bounds for non-stochastic bandits", arXiv:1506.03271, Algorithm 1.
 *
 * <pre>
 * p = softmax(w)
 * w_i &lt;- w_i - eta (1 - x) / (p_i + gamma)         p_i of the time of the decision
 * eta = 2 gamma = sqrt(2 ln d / (d T))             unless they are given
 * </pre>
 *
 * <p>d is the number of eligible arms. With probability {@code 1 - delta} the regret over T
 * decisions is at most {@code 2 sqrt(2 d T ln d) + (sqrt(2 d T / ln d) + 1) ln(2 / delta)}.
 * Deviations from the paper: none, with rewards {@code (high - cost) / (high - low)}. Memory d
 * numbers beside the common ones; d exponentials per decision. Immutable.
 */
public final class Exp3Ix extends ExponentialWeights {
  static final Hyper ETA =
      new Hyper("eta", 0, Range.nonNegative(), "learning rate; 0: as the horizon asks for");

  static final Hyper GAMMA =
      new Hyper("gamma", 0, Range.nonNegative(), "implicit exploration; 0: half of eta");

  public static final PolicySpec SPEC =
      new PolicySpec(
          "exp3_ix",
          1,
          new Source(
              "Neu, Explore no more: Improved high-probability regret bounds for non-stochastic"
                  + " bandits, arXiv:1506.03271",
              Source.Confidence.MEMORY),
          PolicySpec.Input.NOTHING,
          Set.of(PolicySpec.Trait.WEIGHTED, PolicySpec.Trait.ORDER_FREE),
          PolicyHypers.bounded(ETA, GAMMA, PolicyHypers.HORIZON, PolicyHypers.EPSILON),
          Exp3Ix::new);

  private final double eta;
  private final double gamma;

  private Exp3Ix(PolicySettings settings) {
    super(settings);
    eta = settings.values().get(ETA);
    gamma = settings.values().get(GAMMA);
  }

  @Override
  double gain(double reward, double probability, int d) {
    double rate = eta > 0 ? eta : Math.sqrt(2 * Elementary.log(d) / (d * horizon));
    return -rate * (1 - reward) / (probability + (gamma > 0 ? gamma : rate / 2));
  }
}
