package io.millrace.core.compute;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;

/** EJML's QR for one size. Reused, so that a decomposition allocates nothing. Not thread-safe. */
final class ThinQr {
  private final DMatrixRMaj copy;
  private final DMatrixRMaj basis;
  private final DMatrixRMaj upper;
  private final QRDecomposition<DMatrixRMaj> qr;

  ThinQr(int m, int n) {
    copy = new DMatrixRMaj(m, n);
    basis = new DMatrixRMaj(m, n);
    upper = new DMatrixRMaj(n, n);
    qr = DecompositionFactory_DDRM.qr(m, n);
  }

  /** As {@link Kernels#qr}. */
  void decompose(double[] a, double[] q, double[] r) {
    int m = copy.numRows;
    int n = copy.numCols;
    System.arraycopy(a, 0, copy.data, 0, m * n);
    // False says that A is singular; Q and R are as good as ever.
    qr.decompose(copy);
    qr.getR(upper, true);
    qr.getQ(basis, true);
    for (int i = 0; i < n; i++) {
      boolean flip = upper.get(i, i) < 0;
      for (int j = 0; j < n; j++) {
        r[i * n + j] = j < i ? 0 : flip ? -upper.get(i, j) : upper.get(i, j);
      }
      for (int k = 0; k < m; k++) {
        q[k * n + i] = flip ? -basis.get(k, i) : basis.get(k, i);
      }
    }
  }
}
