package io.millrace.core.bandit.adversarial;

import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.DrawnPolicy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.Weights;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.rng.Draws;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;

/**
 * What the EXP3 family shares: weights on a logarithmic scale, probabilities by their softmax, and
 * the number of arms that were eligible at the decision, which is all that is kept until its cost
 * comes.
 */
abstract class ExponentialWeights extends DrawnPolicy {
  /** Block of weights, w. */
  static final String WEIGHT = "weight";

  /** A probability of 0 would never be left, and a weight by it not be finite. */
  private static final double LEAST = 1e-300;

  final double horizon;

  ExponentialWeights(PolicySettings settings) {
    super(
        settings,
        PolicyHypers.bounds(settings),
        new Blocks(settings.shape()).perArm(WEIGHT, 1, Blocks.Start.LEVEL));
    horizon = settings.values().get(PolicyHypers.HORIZON);
  }

  /**
   * Share of uniform decisions that is part of the rule.
   *
   * @param d eligible arms
   */
  double uniformShare(int d) {
    return 0;
  }

  @Override
  protected final void distribute(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    double[] w = state.block(WEIGHT);
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      out.scores()[a] = w[a];
    }
    double[] p = out.probabilities();
    Weights.softmax(request, w, p);
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      p[a] = Math.max(p[a], LEAST);
    }
    explore(request, uniformShare(request.count()), p);
  }

  @Override
  public final int pendingLength() {
    return 1;
  }

  /** Keeps d, the number of eligible arms. */
  @Override
  public final void remember(
      PolicyRequest request, int arm, LearnerState state, double[] pending, Workspace workspace) {
    pending[0] = request.count();
  }

  /**
   * What a cost adds to its arm's weight.
   *
   * @param reward in [0, 1]
   * @param d arms that were eligible
   */
  abstract double gain(double reward, double probability, int d);

  @Override
  protected boolean update(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    double[] w = state.block(WEIGHT);
    double next = w[arm] + gain(1 - costs.unit(cost), probability, (int) pending[0]);
    if (!Double.isFinite(next)) {
      return false;
    }
    w[arm] = next;
    return true;
  }

  @Override
  public void publish(LearnerState state, int arms, ModelWriter out, Workspace workspace) {
    super.publish(state, arms, out, workspace);
    out.exact(WEIGHT, new int[] {arms}, Arrays.copyOf(state.block(WEIGHT), arms));
  }
}
