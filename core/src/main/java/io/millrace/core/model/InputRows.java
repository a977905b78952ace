package io.millrace.core.model;

import io.millrace.core.compute.Kernels;
import io.millrace.core.features.Rows;
import java.util.Arrays;

/**
 * The rows of a mini-batch as a matrix X [rows x features], dense or sparse, that others are
 * multiplied with. Features that a row names twice add up. Reused. Not thread-safe.
 */
final class InputRows {
  private final Kernels compute;
  private int count;
  private int width;
  private int[] feature;
  private double[] value;
  private int[] start = new int[2];

  InputRows(Kernels compute) {
    this.compute = compute;
  }

  /**
   * Consecutive rows of a mini-batch.
   *
   * @param features as in {@link ModelObjective#aim}
   */
  void aim(Rows rows, int first, int n, int[] features, double[] values, int ofWidth) {
    if (start.length <= n) {
      start = new int[Math.max(n + 1, 2 * start.length)];
    }
    for (int r = 0; r < n; r++) {
      start[r] = rows.start(first + r);
    }
    start[n] = rows.end(first + n - 1);
    count = n;
    feature = features;
    value = values;
    width = ofWidth;
  }

  /** One row of which the coordinates from {@code from} up to {@code to} are given. */
  void aim(int[] features, double[] values, int from, int to, int ofWidth) {
    start[0] = from;
    start[1] = to;
    count = 1;
    feature = features;
    value = values;
    width = ofWidth;
  }

  int count() {
    return count;
  }

  int width() {
    return width;
  }

  /**
   * {@code out = X W}.
   *
   * @param w [features x cols] at its beginning
   * @param out [rows x cols], overwritten
   */
  void times(double[] w, int cols, double[] out) {
    if (feature == null) {
      compute.gemm(
          1,
          compute.left(value, start[0], count, width),
          compute.right(w, width, cols),
          0,
          compute.into(out, count, cols));
      return;
    }
    Arrays.fill(out, 0, count * cols, 0);
    for (int r = 0; r < count; r++) {
      int to = r * cols;
      for (int c = start[r]; c < start[r + 1]; c++) {
        int from = feature[c] * cols;
        double x = value[c];
        for (int k = 0; k < cols; k++) {
          out[to + k] += x * w[from + k];
        }
      }
    }
  }

  /**
   * {@code out = X'D}.
   *
   * @param d [rows x cols]
   * @param out [features x cols] at its beginning, overwritten
   */
  void transposeTimes(double[] d, int cols, double[] out) {
    if (feature == null) {
      compute.gemm(
          1,
          compute.left(value, start[0], count, width).transposed(),
          compute.right(d, count, cols),
          0,
          compute.into(out, width, cols));
      return;
    }
    Arrays.fill(out, 0, width * cols, 0);
    for (int r = 0; r < count; r++) {
      int from = r * cols;
      for (int c = start[r]; c < start[r + 1]; c++) {
        int to = feature[c] * cols;
        double x = value[c];
        for (int k = 0; k < cols; k++) {
          out[to + k] += x * d[from + k];
        }
      }
    }
  }

  /**
   * The first row in full.
   *
   * @param out at least as long as there are features, overwritten
   */
  void first(double[] out) {
    if (feature == null) {
      System.arraycopy(value, start[0], out, 0, width);
      return;
    }
    Arrays.fill(out, 0, width, 0);
    for (int c = start[0]; c < start[1]; c++) {
      out[feature[c]] += value[c];
    }
  }

  /** Largest size of a value in the first row; NaN if one is. */
  double largestOfFirst() {
    return ModelObjective.largest(value, start[0], start[1] - start[0]);
  }
}
