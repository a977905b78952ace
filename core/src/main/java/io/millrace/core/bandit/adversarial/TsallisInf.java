package io.millrace.core.bandit.adversarial;

import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.DrawnPolicy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.Set;

/**
 * Tsallis-INF over the arms. Zimmert, Seldin, "Tsallis-INF: An Optimal Algorithm for Stochastic and
 * Adversarial Bandits", JMLR 22, 2021, with importance-weighted losses; scaled as in Khodak, Chow,
 * Balcan, Talwalkar, "Learning to Relax: Setting Solver Parameters Across a Sequence of Linear
 * System Instances", ICLR 2024.
 *
 * <pre>
 * eta = 2 / sqrt(t + D),  Z = k / scale
 * p_i = 4 / (eta (Z_i - x))^2,  x &lt; min Z with sum p = 1
 * k_i &lt;- k_i + (c - low) / p_i           p_i of the time of the decision
 * scale = mean cost - low                scaled;  unscaled: high - low
 * </pre>
 *
 * <p>t is the round of the request and D the delay {@code max-delay}. Unscaled, for costs in [0, 1]
 * and any oblivious adversary, the expected regret is at most {@code 4 sqrt(d T) + 1}. The root is
 * found over the eligible arms, which is not the same as to divide the probabilities of all arms by
 * the sum of theirs.
 *
 * <p>Deviations from the papers: the losses are shifted before the root is sought, which changes
 * nothing but overflow, and Newton's method starts on the side from which it cannot leave the
 * bracket. Memory d + 1 numbers beside the common ones; about 2 microseconds for 20 arms.
 * Immutable.
 */
public final class TsallisInf extends DrawnPolicy {
  public static final PolicySpec SPEC =
      new PolicySpec(
          "tsallis_inf",
          1,
          new Source(
              "Zimmert, Seldin, Tsallis-INF: An Optimal Algorithm for Stochastic and Adversarial"
                  + " Bandits, JMLR 22, 2021; Khodak, Chow, Balcan, Talwalkar, Learning to Relax,"
                  + " ICLR 2024",
              Source.Confidence.CODE_READ),
          PolicySpec.Input.NOTHING,
          Set.of(PolicySpec.Trait.WEIGHTED, PolicySpec.Trait.ORDER_FREE),
          PolicyHypers.bounded(TsallisHypers.SCALED, TsallisHypers.MAX_DELAY, PolicyHypers.EPSILON),
          TsallisInf::new);

  private final TsallisRule rule;

  private TsallisInf(PolicySettings settings) {
    super(
        settings,
        TsallisHypers.costs(settings),
        new Blocks(settings.shape())
            .perArm(TsallisRule.ESTIMATE, 1, Blocks.Start.LEVEL)
            .once(TsallisRule.COST, 1));
    rule = new TsallisRule(settings, costs);
  }

  @Override
  protected void distribute(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    double scale = rule.scale(state.block(TsallisRule.COST)[0], learned(state));
    rule.distribute(
        request,
        state.block(TsallisRule.ESTIMATE),
        scale,
        request.round(),
        out.probabilities(),
        workspace);
  }

  @Override
  protected boolean update(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    double[] k = state.block(TsallisRule.ESTIMATE);
    double[] sum = state.block(TsallisRule.COST);
    double estimate = k[arm] + rule.loss(cost) / probability;
    double total = sum[0] + cost;
    if (!Double.isFinite(estimate) || !Double.isFinite(total)) {
      return false;
    }
    k[arm] = estimate;
    sum[0] = total;
    return true;
  }

  /** What losses are divided by. */
  @Override
  public void figures(LearnerState state, Figures out) {
    out.figure("scale", rule.scale(state.block(TsallisRule.COST)[0], learned(state)));
  }

  @Override
  public void publish(LearnerState state, int arms, ModelWriter out, Workspace workspace) {
    super.publish(state, arms, out, workspace);
    out.exact(
        TsallisRule.ESTIMATE,
        new int[] {arms},
        Arrays.copyOf(state.block(TsallisRule.ESTIMATE), arms));
  }
}
