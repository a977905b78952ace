package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
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
import java.util.Arrays;
import java.util.List;

/**
 * Shampoo. Gupta, Koren, Singer, "Shampoo: Preconditioned Stochastic Tensor Optimization",
 * arXiv:1802.09568, Algorithm 1; half power and averages: Morwani et al., "A New Perspective on
 * Shampoo's Preconditioner", arXiv:2406.17748. For each matrix of parameters
 *
 * <pre>
 * g     &lt;- g + wd theta                          (coupled weight decay)
 * L     &lt;- L + g g',  R &lt;- R + g'g               or, beta2 below 1, averages
 * u      = L^-power g R^-power                   roots renewed every update-freq steps
 * b     &lt;- mu b + u                              (mu = momentum)
 * theta &lt;- theta - lr b
 * </pre>
 *
 * <p>L and R start at epsilon I; beta2 = 1 and power = 1/4 are the first paper's, power = 1/2 with
 * averages the second's. A vector is a matrix of one column. A side longer than max-dimension is
 * left alone. Deviations from the paper: momentum, weight decay, max-dimension; 1e-15 of the trace
 * is added to L and R under the root, which keeps roots of averages that have decayed to nothing
 * finite. Memory d (b) and, for m x n, 2 (m^2 + n^2); one gradient, about {@code 4 m n (m + n)}
 * flops per step and {@code 25 (m^3 + n^3)} per renewal. Immutable.
 */
public final class Shampoo implements Optimizer {
  static final Hyper EPSILON =
      new Hyper("epsilon", 1e-4, Range.positive(), "what L and R start at");
  static final Hyper POWER =
      new Hyper("power", 0.25, new Range(0, true, 1, false, false), "negative power of L and R");
  static final Hyper BETA2 =
      new Hyper("beta2", 1, new Range(0, true, 1, false, false), "decay of L and R; 1: sums");
  static final Hyper UPDATE_FREQ =
      new Hyper(
          "update-freq",
          1,
          Range.integers(1, Integer.MAX_VALUE),
          "steps between renewals of the roots");
  static final Hyper MAX_DIMENSION =
      Hyper.structural(
          "max-dimension",
          1024,
          Range.integers(1, Integer.MAX_VALUE),
          "longest side that is preconditioned");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "shampoo",
          1,
          new Source(
              "Gupta, Koren, Singer, Shampoo: Preconditioned Stochastic Tensor Optimization,"
                  + " arXiv:1802.09568; Morwani et al., arXiv:2406.17748",
              Source.Confidence.DERIVED),
          0.1,
          List.of(
              EPSILON,
              POWER,
              BETA2,
              Moments.MOMENTUM,
              WeightDecay.COUPLED,
              UPDATE_FREQ,
              MAX_DIMENSION),
          Shampoo::new);

  private static final String BUFFER = "b";
  private static final String LEFT = "l";
  private static final String RIGHT = "r";
  private static final String LEFT_ROOT = "pl";
  private static final String RIGHT_ROOT = "pr";

  private final double epsilon;
  private final double power;
  private final double beta2;
  private final double momentum;
  private final double weightDecay;
  private final int updateFreq;
  private final int maxDimension;

  Shampoo(HyperValues values) {
    epsilon = values.get(EPSILON);
    power = values.get(POWER);
    beta2 = values.get(BETA2);
    momentum = values.get(Moments.MOMENTUM);
    weightDecay = values.get(WeightDecay.COUPLED);
    updateFreq = (int) values.get(UPDATE_FREQ);
    maxDimension = (int) values.get(MAX_DIMENSION);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    long left = 0;
    long right = 0;
    for (Block block : layout.blocks()) {
      left += square(block.rows());
      right += square(block.cols());
    }
    slots.elementwise(BUFFER);
    slots.block(LEFT, left);
    slots.block(RIGHT, right);
    slots.block(LEFT_ROOT, left);
    slots.block(RIGHT_ROOT, right);
  }

  private long square(int n) {
    return n <= maxDimension ? (long) n * n : 0;
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    Workspace workspace = context.workspace();
    Kernels compute = context.compute();
    double[] b = slots.get(BUFFER);
    double[] g = workspace.array("g", theta.length);
    f.gradient(theta, g);
    for (int i = 0; i < theta.length; i++) {
      g[i] += weightDecay * theta[i];
    }
    double lr = context.learningRate();
    List<Block> blocks = f.layout().blocks();
    int left = 0;
    int right = 0;
    for (int k = 0; k < blocks.size(); k++) {
      Block block = blocks.get(k);
      int at = block.offset();
      int rows = block.rows();
      int cols = block.cols();
      double[] u = workspace.atLeast("shampoo-u", block.size());
      System.arraycopy(g, at, u, 0, block.size());
      if (rows <= maxDimension) {
        double[] root = root(slots, LEFT, LEFT_ROOT, left, rows, g, block, context);
        double[] out = workspace.atLeast("shampoo-v", block.size());
        compute.gemm(
            1,
            compute.left(root, left, rows, rows),
            compute.right(u, rows, cols),
            0,
            compute.into(out, rows, cols));
        System.arraycopy(out, 0, u, 0, block.size());
        left += rows * rows;
      }
      if (cols <= maxDimension) {
        double[] root = root(slots, RIGHT, RIGHT_ROOT, right, cols, g, block, context);
        double[] out = workspace.atLeast("shampoo-v", block.size());
        compute.gemm(
            1,
            compute.left(u, rows, cols),
            compute.right(root, right, cols, cols),
            0,
            compute.into(out, rows, cols));
        System.arraycopy(out, 0, u, 0, block.size());
        right += cols * cols;
      }
      for (int i = 0; i < block.size(); i++) {
        b[at + i] = momentum * b[at + i] + u[i];
        theta[at + i] -= lr * b[at + i];
      }
    }
  }

  /** Folds the gradient into a factor; renews its root when that is due. Returns the roots. */
  private double[] root(
      Slots slots,
      String factor,
      String root,
      int at,
      int n,
      double[] g,
      Block block,
      StepContext context) {
    double[] sum = slots.get(factor);
    double[] roots = slots.get(root);
    if (slots.steps() == 0) {
      for (int i = 0; i < n; i++) {
        sum[at + i * n + i] = epsilon;
      }
    }
    boolean ofRows = factor.equals(LEFT);
    int other = block.size() / Math.max(1, n);
    int rows = ofRows ? n : other;
    int cols = ofRows ? other : n;
    Kernels compute = context.compute();
    compute.gemm(
        beta2 == 1 ? 1 : 1 - beta2,
        compute.left(g, block.offset(), rows, cols).transposed(!ofRows),
        compute.right(g, block.offset(), rows, cols).transposed(ofRows),
        beta2,
        compute.into(sum, at, n, n));
    if (slots.steps() % updateFreq == 0) {
      double[] copy = context.workspace().atLeast("shampoo-factor", n * n);
      double[] out = context.workspace().atLeast("shampoo-root", n * n);
      System.arraycopy(sum, at, copy, 0, n * n);
      if (!Vectors.allFinite(copy, n * n)) {
        // The factor has overflowed and has no roots.
        Arrays.fill(roots, at, at + n * n, Double.NaN);
        return roots;
      }
      double trace = 0;
      for (int i = 0; i < n; i++) {
        trace += copy[i * n + i];
      }
      // An average that has decayed to zero has no root; no gradient made it so.
      double ridge = 1e-15 * trace + 1e-100;
      context.compute().inverseRoot(n, copy, 1 / power, ridge, out);
      System.arraycopy(out, 0, roots, at, n * n);
    }
    return roots;
  }

  /** L and R mix all coordinates of a matrix. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
