package io.millrace.core.optim.structured;

import io.millrace.core.compute.Workspace;
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
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * Grass with the rows of greatest norm: Adam on a few rows of each matrix, chosen anew from time to
 * time. Muhamed et al., "Grass: Compute Efficient Low-Memory LLM Training with Structured Sparse
 * Gradients", arXiv:2406.17660. From memory: the paper was not at hand and the authors' repository
 * holds no code.
 *
 * <pre>
 * rows   = the rank rows of greatest |g|, moments &lt;- 0        every gap steps
 * m, v   : Adam's moments of these rows, t counted from the choice
 * theta &lt;- theta - lr scale (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + eps)   these rows
 * </pre>
 *
 * <p>Of equal norms the lower row wins. Deviations from the paper: the variants that sample rows
 * are left out. Memory {@code 2 r n + r} for m x n; one gradient and, at a choice, {@code m r}
 * comparisons; about {@code 12 r n} flops per step. Immutable.
 */
public final class GrassTopR implements Optimizer {
  static final Hyper RANK =
      Hyper.structural(
          "rank", 128, Range.integers(1, Integer.MAX_VALUE), "rows that learn at a time");
  static final Hyper SCALE = new Hyper("scale", 1, Range.positive(), "of the update");
  static final Hyper GAP =
      new Hyper("gap", 200, Range.integers(1, Integer.MAX_VALUE), "steps between choices");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "grass_topr",
          1,
          new Source(
              "Muhamed et al., Grass: Compute Efficient Low-Memory LLM Training with Structured"
                  + " Sparse Gradients, arXiv:2406.17660",
              Source.Confidence.MEMORY),
          0.01,
          List.of(Moments.BETA1, Moments.BETA2, Moments.EPS, RANK, SCALE, GAP),
          GrassTopR::new);

  private static final String ROWS = "rows";

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final int rank;
  private final double scale;
  private final int gap;

  GrassTopR(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(Moments.BETA2);
    eps = values.get(Moments.EPS);
    rank = (int) values.get(RANK);
    scale = values.get(SCALE);
    gap = (int) values.get(GAP);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    long rows = 0;
    long moments = 0;
    for (Block block : layout.blocks()) {
      int r = Math.min(rank, block.rows());
      rows += r;
      moments += (long) r * block.cols();
    }
    slots.block(ROWS, rows);
    slots.block(Moments.FIRST, moments);
    slots.block(Moments.SECOND, moments);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] rows = slots.get(ROWS);
    double[] m = slots.get(Moments.FIRST);
    double[] v = slots.get(Moments.SECOND);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    long since = slots.steps() % gap;
    double rate = context.learningRate() * scale / (1 - IntegerPower.of(beta1, since + 1));
    double root2 = Math.sqrt(1 - IntegerPower.of(beta2, since + 1));
    if (since == 0) {
      Arrays.fill(m, 0);
      Arrays.fill(v, 0);
    }
    List<Block> blocks = f.layout().blocks();
    int rowsAt = 0;
    int at = 0;
    for (int k = 0; k < blocks.size(); k++) {
      Block block = blocks.get(k);
      int r = Math.min(rank, block.rows());
      int n = block.cols();
      if (since == 0) {
        choose(g, block, r, context.workspace(), rows, rowsAt);
      }
      for (int i = 0; i < r; i++) {
        int row = block.offset() + (int) rows[rowsAt + i] * n;
        for (int j = 0; j < n; j++, at++) {
          double gi = g[row + j];
          m[at] = beta1 * m[at] + (1 - beta1) * gi;
          v[at] = beta2 * v[at] + (1 - beta2) * gi * gi;
          theta[row + j] -= rate * m[at] / (Math.sqrt(v[at]) / root2 + eps);
        }
      }
      rowsAt += r;
    }
  }

  /** Writes the r rows of greatest norm in ascending order. */
  private static void choose(
      double[] g, Block block, int r, Workspace workspace, double[] rows, int rowsAt) {
    double[] squares = workspace.atLeast("squares", block.rows());
    double[] sorted = workspace.atLeast("sorted", block.rows());
    for (int i = 0; i < block.rows(); i++) {
      squares[i] = 0;
      for (int j = 0; j < block.cols(); j++) {
        double gi = g[block.offset() + i * block.cols() + j];
        squares[i] += gi * gi;
      }
      sorted[i] = squares[i];
    }
    Arrays.sort(sorted, 0, block.rows());
    double least = sorted[block.rows() - r];
    int above = 0;
    for (int i = 0; i < block.rows(); i++) {
      above += squares[i] > least ? 1 : 0;
    }
    int ties = r - above;
    int at = rowsAt;
    for (int i = 0; i < block.rows() && at < rowsAt + r; i++) {
      if (squares[i] > least || squares[i] == least && ties-- > 0) {
        rows[at++] = i;
      }
    }
  }

  /** Which rows learn depends on all of them. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
