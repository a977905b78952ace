package io.millrace.core.optim.structured;

import io.millrace.core.compute.Kernels;
import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.optim.Moments;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.ParamLayout.Block;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Online Subspace Descent with AdamW. Liang, Liu, Chen, Liu, "Memory-Efficient LLM Training with
 * Online Subspace Descent", arXiv:2408.12857; order and constants as in the authors' code
 * (kyleliang919/Online-Subspace-Descent, continuous_sgd). For each matrix, its longer side down,
 *
 * <pre>
 * P      = top-rank right singular vectors of g                      at t = 1
 * N      = g / |g|,  E = N P'P - N,  dP = 2 (P E'N + P N'E)          from t = 2 on
 * m, v   : Adam's moments of g P'
 * u      = m / (sqrt(v) + eps)
 * theta &lt;- theta - lr sqrt(1 - beta2^t) / (1 - beta1^t) scale u P
 * P     &lt;- P - lr-proj dP                                            from t = 2 on
 * theta &lt;- theta - lr wd theta
 * </pre>
 *
 * <p>A vector is a matrix of one column, on which the rule is Adam. A first gradient that is zero
 * leaves P at the last unit vectors. Deviations from the paper: P is trained by gradient descent,
 * which is one of the code's choices; where lr follows a schedule lr-proj does not. Memory, for m x
 * n with m at least n, {@code r (2 m + n)}; one gradient, about {@code 14 m n r} flops per step.
 * Immutable.
 */
public final class OnlineSubspaceDescent implements Optimizer {
  static final Hyper EPS = Moments.EPS.withDefault(1e-6);
  static final Hyper SCALE = new Hyper("scale", 1, Range.positive(), "of the update");
  static final Hyper LR_PROJ =
      new Hyper("lr-proj", 0.005, Range.nonNegative(), "learning rate of the subspace");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "online_subspace_descent",
          1,
          new Source(
              "Liang et al., Memory-Efficient LLM Training with Online Subspace Descent,"
                  + " arXiv:2408.12857",
              Source.Confidence.CODE),
          0.01,
          List.of(
              Moments.BETA1,
              Moments.BETA2,
              EPS,
              WeightDecay.DECOUPLED,
              Subspace.RANK,
              SCALE,
              LR_PROJ),
          OnlineSubspaceDescent::new);

  private static final String PROJECTORS = "p";

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;
  private final int rank;
  private final double scale;
  private final double lrProj;

  OnlineSubspaceDescent(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(Moments.BETA2);
    eps = values.get(EPS);
    weightDecay = values.get(WeightDecay.DECOUPLED);
    rank = (int) values.get(Subspace.RANK);
    scale = values.get(SCALE);
    lrProj = values.get(LR_PROJ);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    long moments = 0;
    long projectors = 0;
    for (Block block : layout.blocks()) {
      int r = Subspace.rank(block, rank);
      moments += (long) r * Subspace.longSide(block);
      projectors += (long) r * Subspace.shortSide(block);
    }
    slots.block(Moments.FIRST, moments);
    slots.block(Moments.SECOND, moments);
    slots.block(PROJECTORS, projectors);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(Moments.FIRST);
    double[] v = slots.get(Moments.SECOND);
    double[] p = slots.get(PROJECTORS);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    long t = slots.nextStep();
    double lr = context.learningRate();
    double rate =
        lr * scale * Math.sqrt(1 - IntegerPower.of(beta2, t)) / (1 - IntegerPower.of(beta1, t));
    List<Block> blocks = f.layout().blocks();
    int momentsAt = 0;
    int projectorAt = 0;
    for (int k = 0; k < blocks.size(); k++) {
      Block block = blocks.get(k);
      int n = Subspace.shortSide(block);
      int r = Subspace.rank(block, rank);
      int moments = r * Subspace.longSide(block);
      double[] tall = context.workspace().atLeast("tall", block.size());
      double[] low = context.workspace().atLeast("low", moments);
      double[] u = context.workspace().atLeast("u", moments);
      double[] update = context.workspace().atLeast("update", block.size());
      Subspace.copy(g, block, tall);
      if (t == 1) {
        Subspace.top(tall, block, r, context, p, projectorAt);
      }
      Subspace.project(tall, block, r, p, projectorAt, context, low);
      for (int i = 0; i < moments; i++) {
        int at = momentsAt + i;
        m[at] = beta1 * m[at] + (1 - beta1) * low[i];
        v[at] = beta2 * v[at] + (1 - beta2) * low[i] * low[i];
        u[i] = m[at] / (Math.sqrt(v[at]) + eps);
      }
      Subspace.lift(u, block, r, p, projectorAt, context, 0, update);
      if (t > 1) {
        turn(tall, low, block, r, p, projectorAt, context);
      }
      for (int i = 0; i < Subspace.longSide(block); i++) {
        for (int j = 0; j < n; j++) {
          int at = Subspace.at(block, i, j);
          theta[at] -= rate * update[i * n + j];
          theta[at] -= lr * weightDecay * theta[at];
        }
      }
      momentsAt += moments;
      projectorAt += r * n;
    }
  }

  /**
   * A gradient step of P on |N P'P - N|^2.
   *
   * @param tall g, overwritten
   * @param low g P', overwritten
   */
  private void turn(
      double[] tall, double[] low, Block block, int r, double[] p, int from, StepContext context) {
    int rows = Subspace.longSide(block);
    int n = Subspace.shortSide(block);
    Kernels compute = context.compute();
    double norm = compute.norm(block.size(), tall, 0);
    if (norm == 0) {
      return; // A gradient without direction says nothing of the subspace.
    }
    double[] error = context.workspace().atLeast("error", block.size());
    double[] errorLow = context.workspace().atLeast("error-low", rows * r);
    double[] slope = context.workspace().atLeast("slope", r * n);
    for (int i = 0; i < rows * n; i++) {
      tall[i] /= norm;
      error[i] = -tall[i];
    }
    for (int i = 0; i < rows * r; i++) {
      low[i] /= norm;
    }
    Subspace.lift(low, block, r, p, from, context, 1, error);
    Subspace.project(error, block, r, p, from, context, errorLow);
    compute.gemm(
        2,
        compute.left(errorLow, rows, r).transposed(),
        compute.right(tall, rows, n),
        0,
        compute.into(slope, r, n));
    compute.gemm(
        2,
        compute.left(low, rows, r).transposed(),
        compute.right(error, rows, n),
        1,
        compute.into(slope, r, n));
    for (int i = 0; i < r * n; i++) {
      p[from + i] -= lrProj * slope[i];
    }
  }

  /** The subspace mixes the coordinates of a matrix. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
