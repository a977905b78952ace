package io.millrace.core.linalg;

import io.millrace.core.compute.Kernels;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Polar factors of square matrices of one size from EJML's singular value decomposition {@code A =
 * U diag(s) V'}: {@code U V'}, or the part of it that belongs to the larger singular values.
 *
 * <p>An iteration of Newton-Schulz type would need no decomposition, but its {@code 4 n^3} flops a
 * step, nine steps and more, cost more than the decomposition at the sizes of a dictionary (n up to
 * 128, plain Java) and fail where A is singular. About {@code 20 n^3} flops, {@code 8 n^2} doubles;
 * allocates nothing after construction. Not thread-safe.
 */
public final class PolarFactor {
  private final int n;
  private final DMatrixRMaj copy;
  private final DMatrixRMaj u;
  private final DMatrixRMaj v;
  private final SingularValueDecomposition_F64<DMatrixRMaj> svd;
  private double[] singular;

  /**
   * For {@code n x n} matrices.
   *
   * @param n at least 1
   */
  public PolarFactor(int n) {
    this.n = n;
    copy = new DMatrixRMaj(n, n);
    u = new DMatrixRMaj(n, n);
    v = new DMatrixRMaj(n, n);
    svd = DecompositionFactory_DDRM.svd(n, n, true, true, false);
  }

  public int size() {
    return n;
  }

  /**
   * Decomposes A for the calls that follow.
   *
   * @param a [n x n] row-major, finite, not modified
   * @return false where the decomposition did not converge: there is nothing to ask for then
   */
  public boolean decompose(double[] a) {
    System.arraycopy(a, 0, copy.data, 0, n * n);
    if (!svd.decompose(copy)) {
      return false;
    }
    svd.getU(u, false);
    svd.getV(v, false);
    singular = svd.getSingularValues();
    return true;
  }

  /**
   * The k-th greatest singular value.
   *
   * @param k from 1
   */
  public double singularValue(int k) {
    double[] sorted = Arrays.copyOf(singular, n);
    Arrays.sort(sorted);
    return sorted[n - k];
  }

  /** Greatest singular value. */
  public double norm() {
    double largest = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, singular[i]);
    }
    return largest;
  }

  /** How many singular values are above {@code threshold} times the greatest. */
  public int rank(double threshold) {
    double least = threshold * norm();
    int rank = 0;
    for (int j = 0; j < n; j++) {
      rank += singular[j] > least ? 1 : 0;
    }
    return rank;
  }

  /**
   * {@code U V'}: orthogonal, of all orthogonal matrices the one nearest to A. Where A is singular
   * there are several; this is one of them, always the same.
   *
   * @param out [n x n]
   */
  public void orthogonal(Kernels kernels, double[] out) {
    kernels.gemm(
        1,
        kernels.left(u.data, n, n),
        kernels.right(v.data, n, n).transposed(),
        0,
        kernels.into(out, n, n));
  }

  /**
   * {@code U_k V_k'} over the singular values above {@code threshold} times the greatest: of the
   * matrices S of spectral norm 1 with greatest {@code <S, A>} the one of least Frobenius norm.
   *
   * @param threshold at least 0
   * @param out [n x n]
   * @return how many singular values that are
   */
  public int partial(Kernels kernels, double threshold, double[] out) {
    double least = threshold * norm();
    int rank = rank(threshold);
    for (int j = 0; j < n; j++) {
      if (!(singular[j] > least)) {
        for (int i = 0; i < n; i++) {
          u.data[i * n + j] = 0;
        }
      }
    }
    orthogonal(kernels, out);
    return rank;
  }
}
