package io.millrace.core.bandit.linear;

import io.millrace.core.bandit.ArmStart;
import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.RewardModel;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;

/** A ridge regression of the reward, which is minus the cost, on the context for every arm. */
final class PerArmModels implements RewardModel {
  private final RidgeModels models;
  private final PolicyShape shape;
  private final int k;

  PerArmModels(PolicySettings settings) {
    shape = settings.shape();
    k = settings.shape().contextLength();
    models = new RidgeModels(k, settings.values().get(LinearHypers.RIDGE));
  }

  @Override
  public Blocks blocks() {
    return RidgeModels.perArm(new Blocks(shape), k);
  }

  @Override
  public void initialize(LearnerState state) {
    for (int a = 0; a < shape.maxArms(); a++) {
      models.initialize(state, a);
    }
  }

  /**
   * Predicts the reward of every eligible arm.
   *
   * @param mean by arm, overwritten
   * @param deviation by arm, overwritten: {@code sqrt(x' A^-1 x)}
   */
  void predict(
      PolicyRequest request,
      LearnerState state,
      double[] mean,
      double[] deviation,
      Workspace workspace) {
    double[] x = request.context();
    double[] v = workspace.array("linear.v", k);
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      models.solve(state, a, x, 0, v);
      mean[a] = models.predict(state, a, v);
      deviation[a] = models.deviation(x, 0, v);
    }
  }

  @Override
  public int pendingLength() {
    return k;
  }

  /** Keeps the context. */
  @Override
  public void remember(PolicyRequest request, int arm, double[] pending) {
    System.arraycopy(request.context(), 0, pending, 0, k);
  }

  @Override
  public boolean take(
      LearnerState state, int arm, double[] context, double cost, Workspace workspace) {
    return models.take(state, arm, context, -cost, workspace);
  }

  @Override
  public void start(
      LearnerState state, int arm, ArmStart start, double share, Workspace workspace) {
    if (start.from() < 0) {
      models.initialize(state, arm);
    } else {
      models.initialize(state, arm, start.from(), share, workspace);
    }
  }

  @Override
  public void purge(LearnerState state, int arm) {
    models.initialize(state, arm);
  }

  /** The matrices A as {@code gram} [arms x k x k] and the vectors b as {@code moment}. */
  @Override
  public void publish(LearnerState state, int arms, ModelWriter out) {
    out.exact(
        RidgeModels.GRAM,
        new int[] {arms, k, k},
        Arrays.copyOf(state.block(RidgeModels.GRAM), arms * k * k));
    out.exact(
        RidgeModels.MOMENT,
        new int[] {arms, k},
        Arrays.copyOf(state.block(RidgeModels.MOMENT), arms * k));
  }
}
