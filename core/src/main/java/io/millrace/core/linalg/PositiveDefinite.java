package io.millrace.core.linalg;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Kernels.Transpose;

/** Linear systems with a symmetric positive definite matrix, by its Cholesky factor. */
public final class PositiveDefinite {
  private PositiveDefinite() {}

  /**
   * Solves A x = b in {@code n^3 / 3} flops.
   *
   * @param a [n x n], of which the lower triangle is read; overwritten by the factor
   * @param b [n], overwritten by x
   * @return false where A is not positive definite or not finite; a and b are then undefined
   */
  public static boolean solve(Kernels compute, int n, double[] a, double[] b) {
    if (!compute.cholesky(n, a, a)) {
      return false;
    }
    compute.solveTriangular(Transpose.NO, n, a, 1, b);
    compute.solveTriangular(Transpose.YES, n, a, 1, b);
    return true;
  }
}
