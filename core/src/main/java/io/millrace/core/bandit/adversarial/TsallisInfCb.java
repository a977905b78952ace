package io.millrace.core.bandit.adversarial;

import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.DrawnPolicy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.Set;

/**
 * Tsallis-INF-CB: one Tsallis-INF for each bin of the context. Khodak, Chow, Balcan, Talwalkar,
 * "Learning to Relax: Setting Solver Parameters Across a Sequence of Linear System Instances", ICLR
 * 2024, Section 3.
 *
 * <pre>
 * bin = clamp(floor((x - low) / (high - low) m), 0, m - 1)
 * </pre>
 *
 * <p>Within a bin the rule is that of {@link TsallisInf}, with t the number of costs of the bin and
 * this one, and the scale of the bin. Against the best arm of every bin the regret is at most
 * {@code m (4 sqrt(d T / m) + 1)} in [0, 1], and the bins cost at most {@code L (high - low) / (2
 * m)} per decision where costs are L-Lipschitz in the context. Until its cost comes, 1 number is
 * kept of a decision: its bin.
 *
 * <p>Deviations from the paper: as {@link TsallisInf}. Memory m (d + 2) numbers beside the common
 * ones; time as {@link TsallisInf}. Immutable.
 */
public final class TsallisInfCb extends DrawnPolicy {
  static final Hyper BINS =
      Hyper.structural("bins", 5, Range.integers(1, 10_000), "m, equal parts of the context");

  public static final PolicySpec SPEC =
      new PolicySpec(
          "tsallis_inf_cb",
          1,
          new Source(
              "Khodak, Chow, Balcan, Talwalkar, Learning to Relax, ICLR 2024",
              Source.Confidence.CODE_READ),
          PolicySpec.Input.NUMBER,
          Set.of(PolicySpec.Trait.WEIGHTED, PolicySpec.Trait.ORDER_FREE),
          PolicyHypers.bounded(
              TsallisHypers.SCALED,
              TsallisHypers.MAX_DELAY,
              BINS,
              PolicyHypers.CONTEXT_LOW,
              PolicyHypers.CONTEXT_HIGH,
              PolicyHypers.EPSILON),
          TsallisInfCb::new);

  /** Costs learned in each bin. */
  private static final String TAKEN = "bin-costs";

  private final TsallisRule rule;
  private final int bins;
  private final double low;
  private final double width;

  private TsallisInfCb(PolicySettings settings) {
    super(
        settings,
        TsallisHypers.costs(settings),
        new Blocks(settings.shape())
            .perArm(TsallisRule.ESTIMATE, (long) settings.values().get(BINS), Blocks.Start.LEVEL)
            .once(TsallisRule.COST, (long) settings.values().get(BINS))
            .once(TAKEN, (long) settings.values().get(BINS)));
    rule = new TsallisRule(settings, costs);
    bins = (int) settings.values().get(BINS);
    low = settings.values().get(PolicyHypers.CONTEXT_LOW);
    width = PolicyHypers.above(settings, PolicyHypers.CONTEXT_LOW, PolicyHypers.CONTEXT_HIGH) - low;
  }

  private int bin(PolicyRequest request) {
    double place = Math.floor((request.context()[0] - low) / width * bins);
    return (int) Math.max(0, Math.min(bins - 1, place));
  }

  @Override
  protected void distribute(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    int bin = bin(request);
    double[] k = state.block(TsallisRule.ESTIMATE);
    double[] ofBin = workspace.array("tsallis.bin", shape.maxArms());
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      ofBin[a] = k[a * bins + bin];
    }
    double taken = state.block(TAKEN)[bin];
    double scale = rule.scale(state.block(TsallisRule.COST)[bin], taken);
    rule.distribute(request, ofBin, scale, taken + 1, out.probabilities(), workspace);
  }

  @Override
  public int pendingLength() {
    return 1;
  }

  /** Keeps the bin. */
  @Override
  public void remember(
      PolicyRequest request, int arm, LearnerState state, double[] pending, Workspace workspace) {
    pending[0] = bin(request);
  }

  @Override
  protected boolean update(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    int bin = (int) pending[0];
    double[] k = state.block(TsallisRule.ESTIMATE);
    double[] sum = state.block(TsallisRule.COST);
    double estimate = k[arm * bins + bin] + rule.loss(cost) / probability;
    double total = sum[bin] + cost;
    if (!Double.isFinite(estimate) || !Double.isFinite(total)) {
      return false;
    }
    k[arm * bins + bin] = estimate;
    sum[bin] = total;
    state.block(TAKEN)[bin]++;
    return true;
  }

  /** Also {@code loss-estimate} [arms x bins]. */
  @Override
  public void publish(LearnerState state, int arms, ModelWriter out, Workspace workspace) {
    super.publish(state, arms, out, workspace);
    out.exact(
        TsallisRule.ESTIMATE,
        new int[] {arms, bins},
        Arrays.copyOf(state.block(TsallisRule.ESTIMATE), arms * bins));
  }
}
