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
 * EXP3. Auer, Cesa-Bianchi, Freund, Schapire, "The Nonstochastic Multiarmed Bandit Problem", SIAM
 * Journal on Computing 32, 2002, Figure 1.
 *
 * <pre>
 * p = (1 - gamma) softmax(w) + gamma / d
 * w_i &lt;- w_i + gamma / d * x / p_i           p_i of the time of the decision
 * gamma = min(1, sqrt(d ln d / ((e - 1) T)))  unless it is given
 * </pre>
 *
 * <p>d is the number of eligible arms. With that gamma the expected regret over T decisions is at
 * most {@code 2.63 sqrt(T d ln d)}. Deviations from the paper: none, with rewards {@code (high -
 * cost) / (high - low)}; weights are logarithms. Memory d numbers beside the common ones; d
 * exponentials per decision. Immutable.
 */
public final class Exp3 extends ExponentialWeights {
  static final Hyper GAMMA =
      new Hyper(
          "gamma", 0, Range.closed(0, 1), "share of uniform decisions; 0: as the horizon asks for");

  public static final PolicySpec SPEC =
      new PolicySpec(
          "exp3",
          1,
          new Source(
              "Auer, Cesa-Bianchi, Freund, Schapire, The Nonstochastic Multiarmed Bandit Problem,"
                  + " SIAM Journal on Computing 32, 2002",
              Source.Confidence.MEMORY),
          PolicySpec.Input.NOTHING,
          Set.of(PolicySpec.Trait.WEIGHTED, PolicySpec.Trait.ORDER_FREE),
          PolicyHypers.bounded(GAMMA, PolicyHypers.HORIZON, PolicyHypers.EPSILON),
          Exp3::new);

  private final double gamma;

  private Exp3(PolicySettings settings) {
    super(settings);
    gamma = settings.values().get(GAMMA);
  }

  @Override
  double uniformShare(int d) {
    return gamma(gamma, d, horizon);
  }

  @Override
  double gain(double reward, double probability, int d) {
    return uniformShare(d) / d * reward / probability;
  }

  /** The value given or, where it is 0, that of the horizon. */
  static double gamma(double given, int d, double horizon) {
    return given > 0
        ? given
        : Math.min(1, Math.sqrt(d * Elementary.log(d) / ((Math.E - 1) * horizon)));
  }
}
