package io.millrace.core.bandit.thompson;

import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Workspace;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.Set;

/**
 * Thompson sampling with Gaussian priors. Agrawal, Goyal, "Further Optimal Regret Bounds for
 * Thompson Sampling", arXiv:1209.3353, Algorithm 2.
 *
 * <pre>
 * theta_a ~ N(s_a / (n_a + 1), v / (n_a + 1)),   the arm with the greatest theta_a
 * </pre>
 *
 * <p>Rewards are {@code (high - cost) / (high - low)}. The probability of each arm comes from
 * quadrature, to about nine digits. Deviations from the paper: the variance v, 1 there. No memory
 * beside the common one; d exponentials at each of some hundred nodes per decision. Immutable.
 */
public final class ThompsonGaussian extends GaussianSampling {
  static final Hyper VARIANCE =
      new Hyper("variance", 0.25, Range.positive(), "v, of one reward; at most 1/4 in [0, 1]");

  public static final PolicySpec SPEC =
      new PolicySpec(
          "thompson_gaussian",
          1,
          new Source(
              "Agrawal, Goyal, Further Optimal Regret Bounds for Thompson Sampling,"
                  + " arXiv:1209.3353",
              Source.Confidence.MEMORY),
          PolicySpec.Input.NOTHING,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          PolicyHypers.bounded(VARIANCE, PolicyHypers.EPSILON),
          ThompsonGaussian::new);

  private final double variance;

  private ThompsonGaussian(PolicySettings settings) {
    super(settings, PolicyHypers.bounds(settings), new Blocks(settings.shape()));
    variance = settings.values().get(VARIANCE);
  }

  @Override
  protected void believe(
      PolicyRequest request,
      LearnerState state,
      double[] mean,
      double[] deviation,
      Workspace workspace) {
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      double n = pulls(state, a);
      mean[a] = n > 0 ? n * (1 - costs.unit(meanCost(state, a))) / (n + 1) : 0;
      deviation[a] = Math.sqrt(variance / (n + 1));
    }
  }

  @Override
  protected boolean update(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    return true;
  }
}
