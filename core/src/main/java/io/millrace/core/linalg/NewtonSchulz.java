package io.millrace.core.linalg;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.ComputeBackend.Transpose;

/**
 * Approximate orthogonalization of a matrix by the quintic Newton-Schulz iteration of Muon: with X
 * scaled to a spectral norm of at most 1, k times
 *
 * <pre>
 * A = X X',   X &lt;- 3.4445 X + (-4.7750 A + 2.0315 A A) X
 * </pre>
 *
 * <p>Singular values go to about 0.7 .. 1.2, not to 1. A is formed on the smaller side, so one
 * iteration of an m x n matrix, r = min(m, n), costs about {@code 4 m n r + 2 r^3} flops and {@code
 * m n + 2 r^2} scratch doubles; a vector costs O(n).
 */
public final class NewtonSchulz {
  private static final double A1 = 3.4445;
  private static final double A3 = -4.7750;
  private static final double A5 = 2.0315;

  private NewtonSchulz() {}

  /** Doubles of scratch that {@link #iterate} needs. */
  public static int scratch(int rows, int cols) {
    int r = Math.min(rows, cols);
    return 2 * r * r + rows * cols;
  }

  /**
   * Iterates in place.
   *
   * @param x row-major matrix at {@code from}, not scaled here
   * @param steps iterations
   * @param scratch at least {@link #scratch} doubles, overwritten
   */
  public static void iterate(
      ComputeBackend compute,
      double[] x,
      int from,
      int rows,
      int cols,
      int steps,
      double[] scratch) {
    boolean wide = rows <= cols;
    Transpose left = wide ? Transpose.NO : Transpose.YES;
    Transpose right = wide ? Transpose.YES : Transpose.NO;
    int r = Math.min(rows, cols);
    int polynomial = r * r;
    int next = 2 * r * r;
    int size = rows * cols;
    for (int s = 0; s < steps; s++) {
      compute.gemm(left, right, r, r, Math.max(rows, cols), 1, x, from, x, from, 0, scratch, 0);
      System.arraycopy(scratch, 0, scratch, polynomial, r * r);
      product(compute, r, r, r, A5, scratch, 0, scratch, 0, A3, scratch, polynomial);
      System.arraycopy(x, from, scratch, next, size);
      if (wide) {
        product(compute, r, cols, r, 1, scratch, polynomial, x, from, A1, scratch, next);
      } else {
        product(compute, rows, r, r, 1, x, from, scratch, polynomial, A1, scratch, next);
      }
      System.arraycopy(scratch, next, x, from, size);
    }
  }

  private static void product(
      ComputeBackend compute,
      int m,
      int n,
      int k,
      double alpha,
      double[] a,
      int aOffset,
      double[] b,
      int bOffset,
      double beta,
      double[] c,
      int cOffset) {
    compute.gemm(
        Transpose.NO, Transpose.NO, m, n, k, alpha, a, aOffset, b, bOffset, beta, c, cOffset);
  }
}
