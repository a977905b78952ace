package io.millrace.core.optim.structured;

import io.millrace.core.optim.Moments;
import io.millrace.core.optim.ParamLayout.Block;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;

/**
 * Subsets of a block's elements that share a second moment: the rows of a matrix or, where those
 * are longer than its columns, the columns; runs of equal length in a vector.
 */
final class SubsetNorm {
  static final Hyper SIZE =
      Hyper.structural(
          "subset-size",
          0,
          Range.integers(0, Integer.MAX_VALUE),
          "wanted length of a run in a vector; 0: its root");

  static final Hyper EPS = Moments.EPS.withDefault(1e-6);

  private SubsetNorm() {}

  /** Number of subsets. */
  static int count(Block block, int subsetSize) {
    if (block.rows() > 1 && block.cols() > 1) {
      return Math.max(block.rows(), block.cols());
    }
    return block.size() / Math.max(1, run(block.size(), subsetSize));
  }

  /**
   * The subset of element {@code i} of the block.
   *
   * @param count from {@link #count}
   */
  static int of(Block block, int count, int i) {
    return columns(block) ? i % count : i / (block.size() / count);
  }

  /** The largest divisor of n that does not exceed the wanted size; 0 wants the root of n. */
  private static int run(int n, int wanted) {
    int size = wanted == 0 ? (int) Math.sqrt(n) : Math.min(wanted, n);
    while (size > 1 && n % size != 0) {
      size--;
    }
    return size;
  }

  /** Whether the subsets are columns; else they are runs of {@code size / count} elements. */
  static boolean columns(Block block) {
    return block.rows() > 1 && block.cols() > block.rows();
  }

  /** v &lt;- beta2 v + (1 - beta2) sum of g^2 over the subset; beta2 = 1: v &lt;- v + sum. */
  static void accumulate(Block block, int count, double beta2, double[] g, double[] v, int from) {
    for (int i = 0; i < count; i++) {
      v[from + i] *= beta2;
    }
    double weight = beta2 == 1 ? 1 : 1 - beta2;
    int end = block.offset() + block.size();
    if (columns(block)) {
      for (int row = block.offset(); row < end; row += count) {
        for (int i = 0; i < count; i++) {
          double gi = g[row + i];
          v[from + i] += weight * gi * gi;
        }
      }
      return;
    }
    int run = block.size() / Math.max(1, count);
    for (int i = 0; i < count; i++) {
      double sum = v[from + i];
      int start = block.offset() + i * run;
      for (int p = start; p < start + run; p++) {
        sum += weight * g[p] * g[p];
      }
      v[from + i] = sum;
    }
  }
}
