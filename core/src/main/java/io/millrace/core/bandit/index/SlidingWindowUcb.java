package io.millrace.core.bandit.index;

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
import java.util.Arrays;
import java.util.Set;

/**
 * Sliding-window UCB. Garivier, Moulines, "On Upper-Confidence Bound Policies for Non-Stationary
 * Bandit Problems", arXiv:0805.3415, Section 4.
 *
 * <pre>
 * n_a, s_a: pulls and sum of rewards of arm a among the last w costs learned
 * index_a = s_a / n_a + B sqrt(xi ln(min(t, w)) / n_a)      an arm without pulls among them first
 * </pre>
 *
 * <p>B is 1: rewards are {@code (high - cost) / (high - low)}. t counts the costs learned, and this
 * one. Over T decisions with S changes the paper's window is {@code 2 B sqrt(T ln T / S)}. A start
 * from another arm takes nothing over: what a window has not seen, it does not know. Sums are
 * computed anew each time the window has gone round, so that rounding does not add up. Deviations
 * from the paper: none. Memory 2w + 2d numbers beside the common ones. Immutable.
 */
public final class SlidingWindowUcb extends RewardIndex {
  static final Hyper WINDOW =
      Hyper.structural("window", 500, Range.integers(1, 1e7), "w, costs that count");

  static final Hyper XI = DiscountedUcb.XI;

  public static final PolicySpec SPEC =
      new PolicySpec(
          "sliding_window_ucb",
          1,
          new Source(
              "Garivier, Moulines, On Upper-Confidence Bound Policies for Non-Stationary Bandit"
                  + " Problems, arXiv:0805.3415",
              Source.Confidence.MEMORY),
          PolicySpec.Input.NOTHING,
          Set.of(),
          PolicyHypers.bounded(WINDOW, XI, PolicyHypers.EPSILON),
          SlidingWindowUcb::new);

  private static final String COUNT = "window-pulls";
  private static final String SUM = "window-rewards";

  /** Arm and reward of the last w costs, a ring; the place of cost t is t mod w. */
  private static final String ARMS = "ring-arms";

  private static final String REWARDS = "ring-rewards";

  /** Costs that have gone into the ring. */
  private static final String TAKEN = "ring-taken";

  /** In the ring in place of an arm whose statistics were taken away. */
  private static final double NO_ARM = -1;

  private final double xi;
  private final int window;

  private SlidingWindowUcb(PolicySettings settings) {
    super(
        settings,
        PolicyHypers.bounds(settings),
        new Blocks(settings.shape())
            .perArm(COUNT, 1, Blocks.Start.OWN)
            .perArm(SUM, 1, Blocks.Start.OWN)
            .once(ARMS, (long) settings.values().get(WINDOW))
            .once(REWARDS, (long) settings.values().get(WINDOW))
            .once(TAKEN, 1));
    xi = settings.values().get(XI);
    window = (int) settings.values().get(WINDOW);
  }

  @Override
  protected double time(LearnerState state) {
    return Math.min(state.block(TAKEN)[0] + 1, window);
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
    return mean + Math.sqrt(xi * Elementary.log(t) / n);
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
    double[] arms = state.block(ARMS);
    double[] rewards = state.block(REWARDS);
    double[] taken = state.block(TAKEN);
    int place = (int) (taken[0] % window);
    if (taken[0] >= window && arms[place] != NO_ARM) {
      int gone = (int) arms[place];
      n[gone]--;
      s[gone] -= rewards[place];
    }
    arms[place] = arm;
    rewards[place] = 1 - costs.unit(cost);
    n[arm]++;
    s[arm] += rewards[place];
    taken[0]++;
    if (place == window - 1) {
      sum(s, arms, rewards);
    }
    return true;
  }

  /** Sums the rewards of a full ring. */
  private static void sum(double[] s, double[] arms, double[] rewards) {
    Arrays.fill(s, 0);
    for (int i = 0; i < arms.length; i++) {
      if (arms[i] != NO_ARM) {
        s[(int) arms[i]] += rewards[i];
      }
    }
  }

  @Override
  protected void purgeOwn(LearnerState state, int arm) {
    double[] arms = state.block(ARMS);
    double taken = Math.min(state.block(TAKEN)[0], window);
    for (int i = 0; i < taken; i++) {
      if (arms[i] == arm) {
        arms[i] = NO_ARM;
      }
    }
  }
}
