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
 * LinUCB with one linear model over features of the arms. Chu, Li, Reyzin, Schapire, "Contextual
 * Bandits with Linear Payoff Functions", AISTATS 2011, Algorithm 1.
 *
 * <pre>
 * index_a = theta . x_a + alpha sqrt(x_a' A^-1 x_a),   theta = A^-1 b
 * of the arm played:   A &lt;- A + x_a x_a',   b &lt;- b + r x_a
 * </pre>
 *
 * <p>x_a are the features that the request brings for the arm, k numbers, and r is minus the cost,
 * which may be any finite number. What is learned of one arm is known of all, also of new ones.
 * Until its cost comes, k numbers are kept of a decision: x_a. Deviations from the paper: none.
 * Memory {@code 2 k^2 + k + 1} numbers beside the common ones; {@code 2 d k^2} flops per decision,
 * {@code 5 k^2} per cost. Immutable.
 */
public final class SharedLinUcb extends IndexPolicy {
  public static final PolicySpec SPEC =
      new PolicySpec(
          "linucb_shared",
          1,
          new Source(
              "Chu, Li, Reyzin, Schapire, Contextual Bandits with Linear Payoff Functions, AISTATS"
                  + " 2011",
              Source.Confidence.MEMORY),
          PolicySpec.Input.FEATURES,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          List.of(LinearHypers.ALPHA, LinearHypers.RIDGE, PolicyHypers.EPSILON),
          SharedLinUcb::new);

  private final SharedModel model;
  private final double alpha;

  private SharedLinUcb(PolicySettings settings) {
    this(settings, new SharedModel(settings));
  }

  private SharedLinUcb(PolicySettings settings, SharedModel model) {
    super(settings, CostRange.FINITE, model);
    this.model = model;
    alpha = settings.values().get(LinearHypers.ALPHA);
  }

  @Override
  protected String unfitInput(PolicyRequest request) {
    return request.unfitFeatures();
  }

  @Override
  protected void rank(
      PolicyRequest request, LearnerState state, double[] index, Workspace workspace) {
    RidgeModels ridge = model.models();
    double[] x = request.features();
    double[] v = workspace.array("linear.v", model.size());
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      ridge.solve(state, 0, x, a * model.size(), v);
      index[a] = ridge.predict(state, 0, v) + alpha * ridge.deviation(x, a * model.size(), v);
    }
  }
}
