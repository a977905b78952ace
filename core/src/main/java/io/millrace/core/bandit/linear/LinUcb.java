package io.millrace.core.bandit.linear;

import io.millrace.core.bandit.ArmStart;
import io.millrace.core.bandit.CostRange;
import io.millrace.core.bandit.IndexPolicy;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
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
    super(settings, CostRange.FINITE, PerArmModels.blocks(settings));
    models = new PerArmModels(settings);
    alpha = settings.values().get(LinearHypers.ALPHA);
  }

  @Override
  public void initialize(LearnerState state, int arms) {
    super.initialize(state, arms);
    models.initialize(state);
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

  @Override
  public int pendingLength() {
    return shape.contextLength();
  }

  /** Keeps the context. */
  @Override
  public void remember(
      PolicyRequest request, int arm, LearnerState state, double[] pending, Workspace workspace) {
    System.arraycopy(request.context(), 0, pending, 0, shape.contextLength());
  }

  @Override
  protected boolean update(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    return models.take(state, arm, pending, cost, workspace);
  }

  @Override
  protected void startOwn(
      LearnerState state, int arm, ArmStart start, double share, Workspace workspace) {
    models.start(state, arm, start, share, workspace);
  }

  @Override
  protected void purgeOwn(LearnerState state, int arm) {
    models.purge(state, arm);
  }

  /** Also the matrices A as {@code gram} [arms x k x k] and the vectors b as {@code moment}. */
  @Override
  public void publish(LearnerState state, int arms, ModelWriter out, Workspace workspace) {
    super.publish(state, arms, out, workspace);
    models.publish(state, arms, out);
  }
}
