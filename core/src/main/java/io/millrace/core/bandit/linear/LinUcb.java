package io.millrace.core.bandit.linear;

import io.millrace.core.bandit.CostRange;
import io.millrace.core.bandit.IndexPolicy;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Workspace;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.List;
import java.util.Set;

/**
 * LinUCB with a linear model for every arm. Li, Chu, Langford, Schapire, "A Contextual-Bandit
 * Approach to Personalized News Article Recommendation", arXiv:1003.0146, Algorithm 1.
 *
 * <pre>
 * index_a = theta_a . x + alpha sqrt(x' A_a^-1 x),   theta_a = A_a^-1 b_a
 * of the arm played:   A &lt;- A + x x',   b &lt;- b + r x
 * </pre>
 *
 * <p>x is the context of the request, k numbers, and r minus the cost, which may be any finite
 * number. Until its cost comes, k numbers are kept of a decision: x. Deviations from the paper:
 * none. Memory {@code 2 k^2 + k + 1} numbers per arm beside the common ones; {@code 2 d k^2} flops
 * per decision, {@code 5 k^2} per cost. Immutable.
 */
public final class LinUcb extends IndexPolicy {
  public static final PolicySpec SPEC =
      new PolicySpec(
          "linucb",
          1,
          new Source(
              "Li, Chu, Langford, Schapire, A Contextual-Bandit Approach to Personalized News"
                  + " Article Recommendation, arXiv:1003.0146",
              Source.Confidence.MEMORY),
          PolicySpec.Input.CONTEXT,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          List.of(LinearHypers.ALPHA, LinearHypers.RIDGE, PolicyHypers.EPSILON),
          LinUcb::new);

  private final PerArmModels models;
  private final double alpha;

  private LinUcb(PolicySettings settings) {
    this(settings, new PerArmModels(settings));
  }

  private LinUcb(PolicySettings settings, PerArmModels models) {
    super(settings, CostRange.FINITE, models);
    this.models = models;
    alpha = settings.values().get(LinearHypers.ALPHA);
  }

  @Override
  protected void rank(
      PolicyRequest request, LearnerState state, double[] index, Workspace workspace) {
    double[] deviation = workspace.array("linear.deviation", shape.maxArms());
    models.predict(request, state, index, deviation, workspace);
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      index[a] += alpha * deviation[a];
    }
  }
}
