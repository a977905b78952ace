package io.millrace.core.linalg;

import io.millrace.core.compute.Vectors;
import org.ejml.data.Complex_F64;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** Largest size of an eigenvalue of a square matrix without symmetry, by EJML's QR algorithm. */
public final class SpectralRadius {
  private SpectralRadius() {}

  /**
   * The spectral radius, in about {@code 10 n^3} flops; allocates.
   *
   * @param a [n x n], not modified
   * @throws ArithmeticException where a number is not finite, or the iteration does not converge
   */
  public static double of(double[] a, int n) {
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, false);
    if (!Vectors.allFinite(a, n * n) || !eigen.decompose(new DMatrixRMaj(n, n, true, a.clone()))) {
      throw new ArithmeticException("eigenvalues of a " + n + "x" + n + " matrix did not converge");
    }
    double largest = 0;
    for (int i = 0; i < eigen.getNumberOfEigenvalues(); i++) {
      Complex_F64 value = eigen.getEigenvalue(i);
      largest = Math.max(largest, value.getMagnitude());
    }
    return largest;
  }
}
