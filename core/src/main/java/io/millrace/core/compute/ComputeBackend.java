package io.millrace.core.compute;

/**
 * Coarse dense kernels over row-major {@code double[]}. Algorithms call these and know no backend.
 * Inputs are not modified, outputs are overwritten, and no output may be an input unless the method
 * says so. Arrays may be longer than what they hold. Thread-safe; every operation works for sizes
 * from 0 up, and in steady state allocates nothing, roots other than square and fourth ones
 * excepted.
 */
public interface ComputeBackend {
  /** Short name: part of a snapshot's provenance, because a model's bits depend on it. */
  String id();

  /** Whether the same call gives the same bits on every run and every machine. */
  boolean reproducible();

  /** Whether an operand is used as stored or transposed. */
  enum Transpose {
    NO,
    YES
  }

  /** sum_i a[aOffset + i] b[bOffset + i], i below {@code n}. */
  double dot(int n, double[] a, int aOffset, double[] b, int bOffset);

  /** Euclidean norm of {@code n} elements, without overflow where the norm itself has none. */
  double norm(int n, double[] a, int aOffset);

  /**
   * y = alpha op(A) x + beta y; beta 0 ignores what was in y.
   *
   * @param a [rows x cols] as stored, from {@code aOffset}
   * @param x [cols], or [rows] where transposed
   * @param y [rows], or [cols] where transposed
   */
  void gemv(
      Transpose transpose,
      int rows,
      int cols,
      double alpha,
      double[] a,
      int aOffset,
      double[] x,
      int xOffset,
      double beta,
      double[] y,
      int yOffset);

  /**
   * C = alpha op(A) op(B) + beta C; beta 0 ignores what was in C.
   *
   * @param m rows of op(A) and C
   * @param n columns of op(B) and C
   * @param k columns of op(A), rows of op(B)
   */
  void gemm(
      Transpose transposeA,
      Transpose transposeB,
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
      int cOffset);

  /**
   * The lower triangular L with A = L L'.
   *
   * @param a [n x n], symmetric; only the lower triangle is read
   * @param l [n x n], its upper triangle set to 0; may be {@code a}
   * @return false where A is not positive definite; {@code l} is then undefined
   */
  boolean cholesky(int n, double[] a, double[] l);

  /**
   * Solves L X = B or, transposed, L' X = B in place.
   *
   * @param l [n x n], lower triangular with a diagonal without zeros
   * @param b [n x columns], overwritten by X
   */
  void solveTriangular(Transpose transpose, int n, double[] l, int columns, double[] b);

  /**
   * A = V diag(values) V' of a symmetric matrix.
   *
   * @param a [n x n]
   * @param values [n], ascending
   * @param vectors [n x n], eigenvectors in columns, the component of largest size positive
   */
  void eigenSymmetric(int n, double[] a, double[] values, double[] vectors);

  /**
   * (A + ridge I)^(-1/p) of a symmetric positive semidefinite matrix. Eigenvalues that rounding has
   * made negative count as 0.
   *
   * @param p positive, not necessarily whole
   * @param ridge positive
   * @param out [n x n], symmetric
   */
  void inverseRoot(int n, double[] a, double p, double ridge, double[] out);

  /**
   * Thin QR: A = Q R with orthonormal columns in Q, R upper triangular with a diagonal that is not
   * negative.
   *
   * @param a [m x n], m at least n
   * @param q [m x n]
   * @param r [n x n]
   */
  void qr(int m, int n, double[] a, double[] q, double[] r);
}
