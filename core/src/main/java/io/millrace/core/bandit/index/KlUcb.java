package io.millrace.core.bandit.index;

import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Elementary;
import io.millrace.core.spec.Source;
import java.util.Set;

/**
 * KL-UCB. Garivier, Cappe, "The KL-UCB Algorithm for Bounded Stochastic Bandits and Beyond",
 * arXiv:1102.2490, Algorithm 1 with c = 0.
 *
 * <pre>
 * index_a = max { q in [s_a / n_a, 1] : n_a kl(s_a / n_a, q) &lt;= ln t }      each arm once at first
 * kl(p, q) = p ln(p / q) + (1 - p) ln((1 - p) / (1 - q))
 * </pre>
 *
 * <p>t counts the costs learned, and this one. q is found by 60 bisections, two logarithms each.
 * Deviations from the paper: none, with rewards {@code (high - cost) / (high - low)}. No memory
 * beside the common one. Immutable.
 */
public final class KlUcb extends RewardIndex {
  public static final PolicySpec SPEC =
      new PolicySpec(
          "kl_ucb",
          1,
          new Source(
              "Garivier, Cappe, The KL-UCB Algorithm for Bounded Stochastic Bandits and Beyond,"
                  + " arXiv:1102.2490",
              Source.Confidence.MEMORY),
          PolicySpec.Input.NOTHING,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          PolicyHypers.bounded(PolicyHypers.EPSILON),
          KlUcb::new);

  private static final int BISECTIONS = 60;

  private KlUcb(PolicySettings settings) {
    super(settings);
  }

  @Override
  protected double index(double mean, double n, double t) {
    double p = Math.max(0, Math.min(1, mean)); // Rounding may leave the interval.
    double entropy = xlogx(p) + xlogx(1 - p);
    double most = Elementary.log(t) / n;
    double low = p;
    double high = 1;
    for (int i = 0; i < BISECTIONS && low < high; i++) {
      double q = (low + high) / 2;
      if (entropy - times(p, q) - times(1 - p, 1 - q) <= most) {
        low = q;
      } else {
        high = q;
      }
    }
    return low;
  }

  private static double xlogx(double x) {
    return x > 0 ? x * Elementary.log(x) : 0;
  }

  /** {@code x ln y}, 0 where x is 0 whatever y. */
  private static double times(double x, double y) {
    return x > 0 ? x * Elementary.log(y) : 0;
  }
}
