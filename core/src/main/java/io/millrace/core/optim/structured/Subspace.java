package io.millrace.core.optim.structured;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.ParamLayout.Block;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import java.util.Arrays;

/**
 * A block of parameters as a tall matrix, its longer side down, and projections of its short side
 * to a subspace: P [r x short] with orthonormal rows at first, tall matrices G [long x short]
 * projected to {@code G P'} and lifted back by {@code P}.
 */
final class Subspace {
  static final Hyper RANK =
      Hyper.structural(
          "rank", 4, Range.integers(1, Integer.MAX_VALUE), "dimensions of the subspace");

  private Subspace() {}

  static int longSide(Block block) {
    return Math.max(block.rows(), block.cols());
  }

  static int shortSide(Block block) {
    return Math.min(block.rows(), block.cols());
  }

  static int rank(Block block, int rank) {
    return Math.min(rank, shortSide(block));
  }

  /** Position in the flat array of element (i, j) of the tall matrix. */
  static int at(Block block, int i, int j) {
    return block.offset()
        + (block.rows() >= block.cols() ? i * block.cols() + j : j * block.cols() + i);
  }

  /** Copies a block of a flat array to a tall matrix. */
  static void copy(double[] flat, Block block, double[] tall) {
    int n = shortSide(block);
    for (int i = 0; i < longSide(block); i++) {
      for (int j = 0; j < n; j++) {
        tall[i * n + j] = flat[at(block, i, j)];
      }
    }
  }

  /**
   * The r right singular vectors of greatest singular values: the last eigenvectors of G'G, which
   * is exact enough, because vectors that it mixes belong to values that hardly differ.
   *
   * @param p [r x short] from {@code from}, overwritten
   */
  static void top(double[] tall, Block block, int r, StepContext context, double[] p, int from) {
    int n = shortSide(block);
    Workspace workspace = context.workspace();
    double[] gram = workspace.atLeast("subspace-gram", n * n);
    double[] values = workspace.atLeast("subspace-values", n);
    double[] vectors = workspace.atLeast("subspace-vectors", n * n);
    context
        .compute()
        .gemm(
            1,
            context.compute().left(tall, longSide(block), n).transposed(),
            context.compute().right(tall, longSide(block), n),
            0,
            context.compute().into(gram, n, n));
    if (!Vectors.allFinite(gram, n * n)) {
      // There are no eigenvectors; nor is this a step that anyone should keep.
      Arrays.fill(p, from, from + r * n, Double.NaN);
      return;
    }
    context.compute().eigenSymmetric(n, gram, values, vectors);
    for (int k = 0; k < r; k++) {
      for (int j = 0; j < n; j++) {
        p[from + k * n + j] = vectors[j * n + n - 1 - k];
      }
    }
  }

  /** out [long x r] = G P'. */
  static void project(
      double[] tall, Block block, int r, double[] p, int from, StepContext context, double[] out) {
    int n = shortSide(block);
    context
        .compute()
        .gemm(
            1,
            context.compute().left(tall, longSide(block), n),
            context.compute().right(p, from, r, n).transposed(),
            0,
            context.compute().into(out, longSide(block), r));
  }

  /** out [long x short] = beta out + X P. */
  static void lift(
      double[] x,
      Block block,
      int r,
      double[] p,
      int from,
      StepContext context,
      double beta,
      double[] out) {
    int n = shortSide(block);
    context
        .compute()
        .gemm(
            1,
            context.compute().left(x, longSide(block), r),
            context.compute().right(p, from, r, n),
            beta,
            context.compute().into(out, longSide(block), n));
  }
}
