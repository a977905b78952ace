package io.millrace.core.linalg;

import io.millrace.core.compute.Vectors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Solves square systems without symmetry by EJML's LU with partial pivoting. Reused for systems of
 * changing size: allocates only for one larger than all before. Not thread-safe.
 */
public final class LuSolver {
  private final LinearSolverDense<DMatrixRMaj> lu = LinearSolverFactory_DDRM.lu(1);
  private final DMatrixRMaj matrix = new DMatrixRMaj(1, 1);
  private final DMatrixRMaj right = new DMatrixRMaj(1, 1);
  private final DMatrixRMaj solution = new DMatrixRMaj(1, 1);

  /**
   * Factors the matrix of the systems to come.
   *
   * @param a [n x n], not modified
   * @param transpose whether to factor its transpose
   * @return false where it is singular
   */
  public boolean factor(int n, double[] a, boolean transpose) {
    matrix.reshape(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        matrix.data[i * n + j] = transpose ? a[j * n + i] : a[i * n + j];
      }
    }
    right.reshape(n, 1);
    solution.reshape(n, 1);
    return lu.setA(matrix) && lu.quality() > 0;
  }

  /**
   * Solves A x = b in {@code 2 n^3 / 3} flops.
   *
   * @param a [n x n], not modified
   * @param b [n], overwritten by x
   * @return false where A is singular or not finite; b is then as it was
   */
  public boolean solve(int n, double[] a, double[] b) {
    if (!Vectors.allFinite(a, n * n) || !factor(n, a, false)) {
      return false;
    }
    solve(b);
    return true;
  }

  /**
   * Solves for one right-hand side.
   *
   * @param b [n], overwritten by the solution
   */
  public void solve(double[] b) {
    System.arraycopy(b, 0, right.data, 0, right.numRows);
    lu.solve(right, solution);
    System.arraycopy(solution.data, 0, b, 0, solution.numRows);
  }
}
