package io.millrace.core.bandit.index;

import io.millrace.core.bandit.ArmStart;
import io.millrace.core.bandit.Blocks;
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
 * Discounted UCB. Garivier, Moulines, "On Upper-Confidence Bound Policies for Non-Stationary Bandit
 * Problems", arXiv:0805.3415, Algorithm 1.
 *
 * <pre>
 * of every arm:  n &lt;- gamma n,  s &lt;- gamma s;   of the one played: n += 1,  s += x
 * index_a = s_a / n_a + 2 B sqrt(xi ln(sum n) / n_a)      each arm once at first
 * </pre>
 *
 * <p>B is 1: rewards are {@code (high - cost) / (high - low)}. Over T decisions with S changes the
 * paper's discount is {@code 1 - 1 / (4 B) sqrt(S / T)}. Deviations from the paper: none. Memory 2d
 * numbers beside the common ones, d multiplications per cost. Immutable.
 */
public final class DiscountedUcb extends RewardIndex {
  static final Hyper GAMMA =
      new Hyper("gamma", 0.99, new Range(0, true, 1, false, false), "discount per cost learned");

  static final Hyper XI = new Hyper("xi", 0.6, Range.positive(), "width of the bounds");

  public static final PolicySpec SPEC =
      new PolicySpec(
          "discounted_ucb",
          1,
          new Source(
              "Garivier, Moulines, On Upper-Confidence Bound Policies for Non-Stationary Bandit"
                  + " Problems, arXiv:0805.3415",
              Source.Confidence.MEMORY),
          PolicySpec.Input.NOTHING,
          Set.of(),
          PolicyHypers.bounded(GAMMA, XI, PolicyHypers.EPSILON),
          DiscountedUcb::new);

  private static final String COUNT = "discounted-pulls";
  private static final String SUM = "discounted-rewards";

  private final double gamma;
  private final double xi;

  private DiscountedUcb(PolicySettings settings) {
    super(
        settings,
        PolicyHypers.bounds(settings),
        new Blocks(settings.shape())
            .perArm(COUNT, 1, Blocks.Start.SHARE)
            .perArm(SUM, 1, Blocks.Start.SHARE));
    gamma = settings.values().get(GAMMA);
    xi = settings.values().get(XI);
  }

  /** Sum of all discounted pulls. */
  @Override
  protected double time(LearnerState state) {
    double sum = 0;
    for (double n : state.block(COUNT)) {
      sum += n;
    }
    return sum;
  }

  @Override
  protected double count(LearnerState state, int arm) {
    return state.block(COUNT)[arm];
  }

  @Override
  protected double reward(LearnerState state, int arm) {
    return state.block(SUM)[arm] / state.block(COUNT)[arm];
  }

  @Override
  protected double index(double mean, double n, double t) {
    // Less than one pull in all has no logarithm above 0.
    return mean + 2 * Math.sqrt(xi * Math.max(0, Elementary.log(t)) / n);
  }

  @Override
  protected boolean update(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    double[] n = state.block(COUNT);
    double[] s = state.block(SUM);
    for (int a = 0; a < n.length; a++) {
      n[a] *= gamma;
      s[a] *= gamma;
    }
    n[arm] += 1;
    s[arm] += 1 - costs.unit(cost);
    return true;
  }

  @Override
  protected void startOwn(
      LearnerState state, int arm, ArmStart start, double share, Workspace workspace) {
    if (start.from() < 0) {
      state.block(COUNT)[arm] = pulls(state, arm);
      state.block(SUM)[arm] = pulls(state, arm) == 0 ? 0 : pulls(state, arm) * prior(start);
    }
  }
}
