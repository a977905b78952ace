package io.millrace.core.bandit.index;

import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Elementary;
import io.millrace.core.spec.Source;
import java.util.Set;

/**
 * UCB1. Auer, Cesa-Bianchi, Fischer, "Finite-time Analysis of the Multiarmed Bandit Problem",
 * Machine Learning 47, 2002, Figure 1.
 *
 * <pre>
 * index_a = s_a / n_a + sqrt(2 ln t / n_a)      each arm once at first
 * </pre>
 *
 * <p>t counts the costs learned, and this one. The expected regret of rewards in [0, 1] with gaps
 * g_a is at most {@code 8 sum ln T / g_a + (1 + pi^2 / 3) sum g_a}.
 *
 * <p>Deviations from the paper: none, with rewards {@code (high - cost) / (high - low)}; where
 * costs come late, t and n know nothing of decisions without one. No memory beside the common one;
 * a logarithm and d roots per decision. Immutable.
 */
public final class Ucb1 extends RewardIndex {
  public static final PolicySpec SPEC =
      new PolicySpec(
          "ucb1",
          1,
          new Source(
              "Auer, Cesa-Bianchi, Fischer, Finite-time Analysis of the Multiarmed Bandit Problem,"
                  + " Machine Learning 47, 2002",
              Source.Confidence.MEMORY),
          PolicySpec.Input.NOTHING,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          PolicyHypers.bounded(PolicyHypers.EPSILON),
          Ucb1::new);

  private Ucb1(PolicySettings settings) {
    super(settings);
  }

  @Override
  protected double index(double mean, double n, double t) {
    return mean + Math.sqrt(2 * Elementary.log(t) / n);
  }
}
