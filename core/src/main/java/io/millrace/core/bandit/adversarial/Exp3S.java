package io.millrace.core.bandit.adversarial;

import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Workspace;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.Set;

/**
 * EXP3.S, which follows a best arm that changes. Auer, Cesa-Bianchi, Freund, Schapire, "The
 * Nonstochastic Multiarmed Bandit Problem", SIAM Journal on Computing 32, 2002, Section 8.
 *
 * <pre>
 * EXP3, and after each cost   w &lt;- ln((1 - alpha) softmax(w) + alpha / d)
 * alpha = 1 / T               unless it is given
 * </pre>
 *
 * <p>d is the number of arms that there are, eligible or not. Against S changes of the best arm the
 * expected regret grows as {@code sqrt(S d T ln(d T))}. Deviations from the paper: the form of the
 * share, which is the same but for a common factor of the weights to the order of alpha. Memory d
 * numbers beside the common ones; 2d exponentials and d logarithms per cost. Immutable.
 */
public final class Exp3S extends ExponentialWeights {
  static final Hyper ALPHA =
      new Hyper(
          "alpha", 0, Range.closed(0, 1), "share of every arm after each cost; 0: 1 / horizon");

  public static final PolicySpec SPEC =
      new PolicySpec(
          "exp3_s",
          1,
          new Source(
              "Auer, Cesa-Bianchi, Freund, Schapire, The Nonstochastic Multiarmed Bandit Problem,"
                  + " SIAM Journal on Computing 32, 2002",
              Source.Confidence.MEMORY),
          PolicySpec.Input.NOTHING,
          Set.of(PolicySpec.Trait.WEIGHTED),
          PolicyHypers.bounded(Exp3.GAMMA, ALPHA, PolicyHypers.HORIZON, PolicyHypers.EPSILON),
          Exp3S::new);

  private final double gamma;
  private final double alpha;

  private Exp3S(PolicySettings settings) {
    super(settings);
    gamma = settings.values().get(Exp3.GAMMA);
    double given = settings.values().get(ALPHA);
    alpha = given > 0 ? given : 1 / horizon;
  }

  @Override
  double uniformShare(int d) {
    return Exp3.gamma(gamma, d, horizon);
  }

  @Override
  double gain(double reward, double probability, int d) {
    return uniformShare(d) / d * reward / probability;
  }

  @Override
  protected boolean update(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    if (!super.update(state, arm, probability, pending, cost, workspace)) {
      return false;
    }
    double[] w = state.block(WEIGHT);
    double[] present = present(state);
    double most = Double.NEGATIVE_INFINITY;
    int arms = 0;
    for (int a = 0; a < w.length; a++) {
      if (present[a] != 0) {
        most = Math.max(most, w[a]);
        arms++;
      }
    }
    double sum = 0;
    for (int a = 0; a < w.length; a++) {
      sum += present[a] != 0 ? Elementary.exp(w[a] - most) : 0;
    }
    for (int a = 0; a < w.length; a++) {
      if (present[a] != 0) {
        w[a] = Elementary.log((1 - alpha) * Elementary.exp(w[a] - most) / sum + alpha / arms);
      }
    }
    return true;
  }
}
