package io.millrace.core.optim.structured;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.ParamLayout.Block;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * Dion: low-rank orthonormal updates with error feedback. Ahn, Xu, "Dion: Distributed
 * Orthonormalized Updates", arXiv:2504.05295, Algorithm 1, as in the authors' code (microsoft/dion,
 * dion_simple). For each m x n matrix
 *
 * <pre>
 * M     &lt;- M + g
 * P      = orthonormal basis of M Q            [m x r]
 * R      = M'P                                 [n x r]
 * M     &lt;- M - (1 - mu) P R'
 * Q     &lt;- R with columns divided by their norms + eps
 * theta &lt;- theta (1 - lr wd) - lr sqrt(m / n) P Q'
 * </pre>
 *
 * <p>Q starts Gaussian. A direction that M no longer has is left out of the update and keeps its
 * column of Q. Deviations from the paper: a vector, and with it every model of one output, is a
 * matrix of one column, and the step is normalized momentum; paper and code hand vectors to Lion or
 * AdamW. The side that is sketched is not turned to be the shorter one. Memory d (M) and {@code n
 * r}; one gradient, about {@code 8 m n r} flops per step. Immutable.
 */
public final class Dion implements Optimizer {
  static final Hyper MU =
      new Hyper(
          "mu", 0.95, Range.halfOpen(0, 1), "decay of what the update has used of the momentum");
  static final Hyper WEIGHT_DECAY = WeightDecay.DECOUPLED.withDefault(0.01);
  static final Hyper EPS = new Hyper("eps", 1e-8, Range.positive(), "added to column norms");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "dion",
          1,
          new Source(
              "Ahn, Xu, Dion: Distributed Orthonormalized Updates, arXiv:2504.05295",
              Source.Confidence.CODE),
          0.01,
          List.of(MU, WEIGHT_DECAY, EPS, Subspace.RANK),
          Dion::new);

  private static final String MOMENTUM = "m";
  private static final String BASIS = "q";

  private final double mu;
  private final double weightDecay;
  private final double eps;
  private final int rank;

  Dion(HyperValues values) {
    mu = values.get(MU);
    weightDecay = values.get(WEIGHT_DECAY);
    eps = values.get(EPS);
    rank = (int) values.get(Subspace.RANK);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    long length = 0;
    for (Block block : layout.blocks()) {
      length += (long) block.cols() * Subspace.rank(block, rank);
    }
    slots.elementwise(MOMENTUM);
    slots.block(BASIS, length);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    Workspace workspace = context.workspace();
    Kernels compute = context.compute();
    double[] momentum = slots.get(MOMENTUM);
    double[] q = slots.get(BASIS);
    double[] g = workspace.array("g", theta.length);
    f.gradient(theta, g);
    double lr = context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      momentum[i] += g[i];
      theta[i] *= 1 - lr * weightDecay;
    }
    if (slots.steps() == 0 && allZero(q)) {
      Draws draws = context.draws().fork(Purpose.INITIALIZATION);
      for (int i = 0; i < q.length; i++) {
        q[i] = draws.normal(i);
      }
    }
    List<Block> blocks = f.layout().blocks();
    int from = 0;
    for (int k = 0; k < blocks.size(); k++) {
      Block block = blocks.get(k);
      int at = block.offset();
      int m = block.rows();
      int n = block.cols();
      int r = Subspace.rank(block, rank);
      double[] sketch = workspace.atLeast("sketch", m * r);
      double[] p = workspace.atLeast("p", m * r);
      double[] upper = workspace.atLeast("upper", r * r);
      double[] back = workspace.atLeast("back", n * r);
      compute.gemm(
          1,
          compute.left(momentum, at, m, n),
          compute.right(q, from, n, r),
          0,
          compute.into(sketch, m, r));
      if (!Vectors.allFinite(sketch, m * r)) {
        // The product has overflowed and has no basis.
        Arrays.fill(theta, at, at + block.size(), Double.NaN);
        continue;
      }
      compute.qr(m, r, sketch, p, upper);
      for (int c = 0; c < r; c++) {
        if (upper[c * r + c] == 0) {
          // The momentum has no such direction: QR fills the column up with an arbitrary one.
          for (int i = 0; i < m; i++) {
            p[i * r + c] = 0;
          }
        }
      }
      compute.gemm(
          1,
          compute.left(momentum, at, m, n).transposed(),
          compute.right(p, m, r),
          0,
          compute.into(back, n, r));
      compute.gemm(
          -(1 - mu),
          compute.left(p, m, r),
          compute.right(back, n, r).transposed(),
          1,
          compute.into(momentum, at, m, n));
      normalize(n, r, back, q, from);
      compute.gemm(
          -lr * Math.sqrt((double) m / n),
          compute.left(p, m, r),
          compute.right(q, from, n, r).transposed(),
          1,
          compute.into(theta, at, m, n));
      from += n * r;
    }
  }

  private static boolean allZero(double[] a) {
    for (double x : a) {
      if (x != 0) {
        return false;
      }
    }
    return true;
  }

  private void normalize(int n, int r, double[] back, double[] q, int from) {
    for (int c = 0; c < r; c++) {
      double squares = 0;
      for (int i = 0; i < n; i++) {
        squares += back[i * r + c] * back[i * r + c];
      }
      double length = Vectors.root(squares, back, c, n, r);
      if (length == 0) {
        continue; // A zero column would stay zero for ever.
      }
      double norm = length + eps;
      for (int i = 0; i < n; i++) {
        q[from + i * r + c] = back[i * r + c] / norm;
      }
    }
  }

  /** Products of matrices mix their coordinates. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
