package io.millrace.core.compute;

/**
 * Coarse dense kernels over row-major {@code double[]}. Algorithms call these and know no backend.
 * Inputs are not modified, outputs are overwritten, and no output may be an input unless the method
 * says so. Arrays may be longer than what they hold. Every operation works for sizes from 0 up, and
 * in steady state allocates nothing, roots other than square and fourth ones excepted. Scratch is
 * their own: one per {@link Workspace}, not thread-safe.
 *
 * <p>A product names its matrices by the views {@link #left}, {@link #right} and {@link #into},
 * which are aimed for this one call:
 *
 * <pre>
 * kernels.gemm(1, kernels.left(x, n, m), kernels.right(d, k, m).transposed(), 0, kernels.into(c, n, k))
 * </pre>
 */
public abstract class Kernels {
  private final Matrix left = new Matrix();
  private final Matrix right = new Matrix();
  private final Matrix into = new Matrix();

  /** Whether an operand is used as stored or transposed. */
  public enum Transpose {
    NO,
    YES
  }

  /** The left factor of the next product: [rows x cols] as stored. */
  public final Matrix left(double[] values, int rows, int cols) {
    return left.aim(values, 0, rows, cols);
  }

  /** The same from an element on. */
  public final Matrix left(double[] values, int offset, int rows, int cols) {
    return left.aim(values, offset, rows, cols);
  }

  /** The right factor of the next product: [rows x cols] as stored. */
  public final Matrix right(double[] values, int rows, int cols) {
    return right.aim(values, 0, rows, cols);
  }

  /** The same from an element on. */
  public final Matrix right(double[] values, int offset, int rows, int cols) {
    return right.aim(values, offset, rows, cols);
  }

  /** What the next product is written or added to: [rows x cols]. */
  public final Matrix into(double[] values, int rows, int cols) {
    return into.aim(values, 0, rows, cols);
  }

  /** The same from an element on. */
  public final Matrix into(double[] values, int offset, int rows, int cols) {
    return into.aim(values, offset, rows, cols);
  }

  /** sum_i a[aOffset + i] b[bOffset + i], i below {@code n}, as {@link Vectors#dot} adds it up. */
  public abstract double dot(int n, double[] a, int aOffset, double[] b, int bOffset);

  /** Euclidean norm of {@code n} elements, without overflow where the norm itself has none. */
  public abstract double norm(int n, double[] a, int aOffset);

  /**
   * y = alpha A x + beta y; beta 0 ignores what was in y.
   *
   * @param a as read [rows x cols]
   * @param x [cols] from {@code xOffset}
   * @param y [rows] from {@code yOffset}
   */
  public abstract void gemv(
      double alpha, Matrix a, double[] x, int xOffset, double beta, double[] y, int yOffset);

  /**
   * C = alpha A B + beta C; beta 0 ignores what was in C.
   *
   * @param c as stored
   * @throws IllegalStateException where the shapes do not fit
   */
  public abstract void gemm(double alpha, Matrix a, Matrix b, double beta, Matrix c);

  /**
   * The lower triangular L with A = L L'.
   *
   * @param a [n x n], symmetric; only the lower triangle is read
   * @param l [n x n], its upper triangle set to 0; may be {@code a}
   * @return false where A is not positive definite; {@code l} is then undefined
   */
  public abstract boolean cholesky(int n, double[] a, double[] l);

  /**
   * Solves L X = B or, transposed, L' X = B in place.
   *
   * @param l [n x n], lower triangular with a diagonal without zeros
   * @param b [n x columns], overwritten by X
   */
  public abstract void solveTriangular(
      Transpose transpose, int n, double[] l, int columns, double[] b);

  /**
   * A = V diag(values) V' of a symmetric matrix.
   *
   * @param a [n x n]
   * @param values [n], ascending
   * @param vectors [n x n], eigenvectors in columns, the component of largest size positive
   */
  public abstract void eigenSymmetric(int n, double[] a, double[] values, double[] vectors);

  /**
   * (A + ridge I)^(-1/p) of a symmetric positive semidefinite matrix. Eigenvalues that rounding has
   * made negative count as 0.
   *
   * @param p positive, not necessarily whole
   * @param ridge positive
   * @param out [n x n], symmetric
   */
  public abstract void inverseRoot(int n, double[] a, double p, double ridge, double[] out);

  /**
   * Thin QR: A = Q R with orthonormal columns in Q, R upper triangular with a diagonal that is not
   * negative.
   *
   * @param a [m x n], m at least n
   * @param q [m x n]
   * @param r [n x n]
   */
  public abstract void qr(int m, int n, double[] a, double[] q, double[] r);

  /** For {@link #gemm}: throws where the shapes do not fit. */
  protected static void requireFit(Matrix a, Matrix b, Matrix c) {
    if (a.cols() != b.rows() || c.rows() != a.rows() || c.cols() != b.cols() || c.isTransposed()) {
      throw new IllegalStateException("product of " + a + " and " + b + " into " + c);
    }
  }
}
