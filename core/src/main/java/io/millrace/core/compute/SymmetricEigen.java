package io.millrace.core.compute;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.eig.symm.SymmetricQREigenHelper_DDRM;
import org.ejml.dense.row.decomposition.eig.symm.SymmetricQrAlgorithm_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.TridiagonalSimilarDecomposition_F64;

/**
 * Eigendecomposition of symmetric matrices of one size by EJML's parts: Householder tridiagonal
 * form, then the implicit QR algorithm. Reused, so that a decomposition allocates nothing. Not
 * thread-safe.
 */
final class SymmetricEigen {
  /** Powers of 2 up to which squares, and sums of many of them, stay in the range of a double. */
  private static final int MOST_EXPONENT = 300;

  private final int n;
  private final DMatrixRMaj copy;
  private final DMatrixRMaj rows;
  private final double[] diagonal;
  private final double[] off;
  private final int[] order;
  private final TridiagonalSimilarDecomposition_F64<DMatrixRMaj> tridiagonal;
  private final SymmetricQREigenHelper_DDRM helper = new SymmetricQREigenHelper_DDRM();
  private final SymmetricQrAlgorithm_DDRM algorithm = new SymmetricQrAlgorithm_DDRM(helper);

  /** Scratch of {@link ScalarKernels#inverseRoot}. */
  final double[] values;

  final double[] vectors;
  final double[] scaled;

  SymmetricEigen(int n, int sameN) {
    this.n = n;
    copy = new DMatrixRMaj(n, n);
    rows = new DMatrixRMaj(n, n);
    diagonal = new double[n];
    off = new double[n];
    order = new int[n];
    tridiagonal = DecompositionFactory_DDRM.tridiagonal(n);
    values = new double[n];
    vectors = new double[n * n];
    scaled = new double[n * n];
  }

  /** Where squares of elements would overflow or vanish: the power of 2 to divide by; else 0. */
  private int exponent(double[] a) {
    double largest = 0;
    for (int i = 0; i < n * n; i++) {
      largest = Math.max(largest, Math.abs(a[i]));
    }
    int exponent = Math.getExponent(largest);
    boolean squares = Math.abs(exponent) <= MOST_EXPONENT;
    return squares || largest == 0 || !(largest < Double.POSITIVE_INFINITY) ? 0 : exponent;
  }

  /** As {@link Kernels#eigenSymmetric}. */
  void decompose(double[] a, double[] valuesOut, double[] vectorsOut) {
    int exponent = exponent(a);
    for (int i = 0; i < n * n; i++) {
      copy.data[i] = exponent == 0 ? a[i] : Math.scalb(a[i], -exponent);
    }
    boolean converged = tridiagonal.decompose(copy);
    if (converged) {
      tridiagonal.getQ(rows, true);
      tridiagonal.getDiagonal(diagonal, off);
      helper.init(diagonal, off, n);
      helper.setQ(rows);
      algorithm.setFastEigenvalues(false);
      // -1 and null: go on with what the helper was given.
      converged = algorithm.process(-1, null, null);
    }
    if (!converged) {
      throw new ArithmeticException("eigenvalues of a " + n + "x" + n + " matrix did not converge");
    }
    for (int c = 0; c < n; c++) {
      int at = c;
      for (; at > 0 && algorithm.getEigenvalue(order[at - 1]) > algorithm.getEigenvalue(c); at--) {
        order[at] = order[at - 1];
      }
      order[at] = c;
    }
    for (int c = 0; c < n; c++) {
      int row = order[c] * n;
      double value = algorithm.getEigenvalue(order[c]);
      valuesOut[c] = exponent == 0 ? value : Math.scalb(value, exponent);
      double largest = 0;
      for (int i = 0; i < n; i++) {
        double v = rows.data[row + i];
        largest = Math.abs(v) > Math.abs(largest) ? v : largest;
      }
      for (int i = 0; i < n; i++) {
        double v = rows.data[row + i];
        vectorsOut[i * n + c] = largest < 0 ? -v : v;
      }
    }
  }
}
