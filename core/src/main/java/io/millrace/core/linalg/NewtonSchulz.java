package io.millrace.core.linalg;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Matrix;

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
      Kernels compute, double[] x, int from, int rows, int cols, int steps, double[] scratch) {
    boolean wide = rows <= cols;
    int r = Math.min(rows, cols);
    int polynomial = r * r;
    int next = 2 * r * r;
    int size = rows * cols;
    for (int s = 0; s < steps; s++) {
      compute.gemm(
          1,
          compute.left(x, from, rows, cols).transposed(!wide),
          compute.right(x, from, rows, cols).transposed(wide),
          0,
          compute.into(scratch, r, r));
      System.arraycopy(scratch, 0, scratch, polynomial, r * r);
      compute.gemm(
          A5,
          compute.left(scratch, r, r),
          compute.right(scratch, r, r),
          A3,
          compute.into(scratch, polynomial, r, r));
      System.arraycopy(x, from, scratch, next, size);
      Matrix into = compute.into(scratch, next, rows, cols);
      if (wide) {
        compute.gemm(
            1,
            compute.left(scratch, polynomial, r, r),
            compute.right(x, from, rows, cols),
            A1,
            into);
      } else {
        compute.gemm(
            1,
            compute.left(x, from, rows, cols),
            compute.right(scratch, polynomial, r, r),
            A1,
            into);
      }
      System.arraycopy(scratch, next, x, from, size);
    }
  }
}
