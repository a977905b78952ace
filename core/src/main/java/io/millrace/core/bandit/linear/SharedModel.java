package io.millrace.core.bandit.linear;

import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.RewardModel;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;

/** One ridge regression of the reward, which is minus the cost, on the features of the arms. */
final class SharedModel implements RewardModel {
  private final RidgeModels models;
  private final PolicyShape shape;
  private final int k;

  SharedModel(PolicySettings settings) {
    shape = settings.shape();
    k = settings.shape().featureLength();
    models = new RidgeModels(k, settings.values().get(LinearHypers.RIDGE));
  }

  @Override
  public Blocks blocks() {
    return RidgeModels.shared(new Blocks(shape), k);
  }

  @Override
  public void initialize(LearnerState state) {
    models.initialize(state, 0);
  }

  int size() {
    return k;
  }

  RidgeModels models() {
    return models;
  }

  @Override
  public int pendingLength() {
    return k;
  }

  /** Keeps the features of the arm. */
  @Override
  public void remember(PolicyRequest request, int arm, double[] pending) {
    System.arraycopy(request.features(), arm * k, pending, 0, k);
  }

  @Override
  public boolean take(
      LearnerState state, int arm, double[] features, double cost, Workspace workspace) {
    return models.take(state, 0, features, -cost, workspace);
  }

  /** The matrix A as {@code gram} [k x k] and the vector b as {@code moment}. */
  @Override
  public void publish(LearnerState state, int arms, ModelWriter out) {
    models.publish(state, out);
  }

  /**
   * {@code y_a = L^-1 x_a} of the eligible arms, A = L L', so that y_a . z has the variance {@code
   * x_a' A^-1 x_a}.
   *
   * @param y [maxArms x k], overwritten
   */
  void whiten(PolicyRequest request, LearnerState state, double[] y, Workspace workspace) {
    Kernels kernels = workspace.kernels(ScalarBackend.INSTANCE);
    double[] factor = workspace.array("linear.factor", k * k);
    double[] x = workspace.array("linear.x", k);
    // Numbers of very different size may cost A its rank: then no sample is apart from the mean.
    boolean definite = kernels.cholesky(k, state.block(RidgeModels.GRAM), factor);
    for (int i = 0; i < request.count(); i++) {
      int at = request.eligible()[i] * k;
      if (definite) {
        System.arraycopy(request.features(), at, x, 0, k);
        kernels.solveTriangular(Kernels.Transpose.NO, k, factor, 1, x);
        System.arraycopy(x, 0, y, at, k);
      } else {
        Arrays.fill(y, at, at + k, 0);
      }
    }
  }
}
