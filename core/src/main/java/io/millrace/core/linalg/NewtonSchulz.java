package io.millrace.core.linalg;

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
 * 3 r^2} scratch doubles; a vector costs O(n).
 */
public final class NewtonSchulz {
  private static final double A1 = 3.4445;
  private static final double A3 = -4.7750;
  private static final double A5 = 2.0315;

  private NewtonSchulz() {}

  /** Doubles of scratch that {@link #iterate} needs. */
  public static int scratch(int rows, int cols) {
    int r = Math.min(rows, cols);
    return 2 * r * r + r;
  }

  /**
   * Iterates in place.
   *
   * @param x row-major matrix at {@code from}, not scaled here
   * @param steps iterations
   * @param scratch at least {@link #scratch} doubles, overwritten
   */
  public static void iterate(
      double[] x, int from, int rows, int cols, int steps, double[] scratch) {
    boolean wide = rows <= cols;
    int r = Math.min(rows, cols);
    int length = Math.max(rows, cols);
    // Element (i, k) of the short side times the long one lies at i * outer + k * inner.
    int outer = wide ? cols : 1;
    int inner = wide ? 1 : cols;
    int polynomial = r * r;
    int line = 2 * r * r;
    for (int s = 0; s < steps; s++) {
      gram(x, from, r, length, outer, inner, scratch);
      for (int i = 0; i < r; i++) {
        for (int j = 0; j < r; j++) {
          double square = 0;
          for (int k = 0; k < r; k++) {
            square += scratch[i * r + k] * scratch[k * r + j];
          }
          scratch[polynomial + i * r + j] = A3 * scratch[i * r + j] + A5 * square;
        }
      }
      for (int k = 0; k < length; k++) {
        for (int i = 0; i < r; i++) {
          double sum = 0;
          for (int j = 0; j < r; j++) {
            sum += scratch[polynomial + i * r + j] * x[from + j * outer + k * inner];
          }
          scratch[line + i] = A1 * x[from + i * outer + k * inner] + sum;
        }
        for (int i = 0; i < r; i++) {
          x[from + i * outer + k * inner] = scratch[line + i];
        }
      }
    }
  }

  private static void gram(
      double[] x, int from, int r, int length, int outer, int inner, double[] out) {
    for (int i = 0; i < r; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = 0; k < length; k++) {
          sum += x[from + i * outer + k * inner] * x[from + j * outer + k * inner];
        }
        out[i * r + j] = sum;
        out[j * r + i] = sum;
      }
    }
  }
}
