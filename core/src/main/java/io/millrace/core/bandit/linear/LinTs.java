package io.millrace.core.bandit.linear;

import io.millrace.core.bandit.CostRange;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.thompson.GaussianSampling;
import io.millrace.core.compute.Workspace;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.List;
import java.util.Set;

/**
 * Linear Thompson sampling with a linear model for every arm. Agrawal, Goyal, "Thompson Sampling
 * for Contextual Bandits with Linear Payoffs", arXiv:1209.3352, Algorithm 1.
 *
 * <pre>
 * theta_a ~ N(A_a^-1 b_a, v^2 A_a^-1),   the arm with the greatest theta_a . x
 * of the arm played:   A &lt;- A + x x',   b &lt;- b + r x
 * </pre>
 *
 * <p>x is the context of the request, k numbers, and r minus the cost, which may be any finite
 * number. The products theta_a . x are independent normals, so one normal per arm is drawn in place
 * of k, and the probability of each arm comes from quadrature, to about nine digits. Until its cost
 * comes, k numbers are kept of a decision: x.
 *
 * <p>Deviations from the paper: a model per arm, v is given. Memory {@code 2 k^2 + k + 1} numbers
 * per arm beside the common ones; {@code 2 d k^2} flops per decision beside the quadrature.
 * Immutable.
 */
public final class LinTs extends GaussianSampling {
  public static final PolicySpec SPEC =
      new PolicySpec(
          "lints",
          1,
          new Source(
              "Agrawal, Goyal, Thompson Sampling for Contextual Bandits with Linear Payoffs,"
                  + " arXiv:1209.3352",
              Source.Confidence.MEMORY),
          PolicySpec.Input.CONTEXT,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          List.of(LinearHypers.NOISE, LinearHypers.RIDGE, PolicyHypers.EPSILON),
          LinTs::new);

  private final PerArmModels models;
  private final double noise;

  private LinTs(PolicySettings settings) {
    this(settings, new PerArmModels(settings));
  }

  private LinTs(PolicySettings settings, PerArmModels models) {
    super(settings, CostRange.FINITE, models);
    this.models = models;
    noise = settings.values().get(LinearHypers.NOISE);
  }

  @Override
  protected void believe(
      PolicyRequest request,
      LearnerState state,
      double[] mean,
      double[] deviation,
      Workspace workspace) {
    models.predict(request, state, mean, deviation, workspace);
    for (int i = 0; i < request.count(); i++) {
      deviation[request.eligible()[i]] *= noise;
    }
  }
}
