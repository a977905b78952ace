package io.millrace.core.solver;

/**
 * The matrix of the five-point stencil on the interior of a square grid, without storing it: one
 * number on the diagonal, {@code -coupling} between neighbours, unknowns numbered row by row.
 * Symmetric, and positive definite where {@link #jacobiRadius} is below 1.
 *
 * @param side unknowns along a side, at least 1; the matrix has {@code side * side} rows
 * @param diagonal above 0
 * @param coupling at least 0
 */
public record GridStencil(int side, double diagonal, double coupling) {
  /** The Laplacian, 4 and -1, with a shift added to the diagonal. */
  public static GridStencil shiftedLaplacian(int side, double shift) {
    return new GridStencil(side, 4 + shift, 1);
  }

  /** Unknowns, n. */
  public int size() {
    return side * side;
  }

  /** Spectral radius of the Jacobi iteration {@code I - A / diagonal}. */
  public double jacobiRadius() {
    return 4 * coupling / diagonal * StrictMath.cos(Math.PI / (side + 1));
  }

  /**
   * {@code out = A x}.
   *
   * @param x [n], not modified
   * @param out [n], overwritten; not x
   */
  public void multiply(double[] x, double[] out) {
    for (int i = 0; i < side; i++) {
      int row = i * side;
      for (int j = 0; j < side; j++) {
        out[row + j] =
            diagonal * x[row + j] - coupling * (before(x, row, i, j) + after(x, row, i, j));
      }
    }
  }

  /**
   * {@code r = b - A x}.
   *
   * @param b [n], not modified
   * @param x [n], not modified
   * @param r [n], overwritten; neither b nor x
   */
  public void residual(double[] b, double[] x, double[] r) {
    multiply(x, r);
    for (int k = 0; k < r.length; k++) {
      r[k] = b[k] - r[k];
    }
  }

  /**
   * Solves {@code (D / omega + L) y = r}, with D the diagonal and L what lies below it.
   *
   * @param r [n], not modified unless it is y
   * @param y [n], overwritten
   */
  public void solveLower(double omega, double[] r, double[] y) {
    double pivot = omega / diagonal;
    for (int i = 0; i < side; i++) {
      int row = i * side;
      for (int j = 0; j < side; j++) {
        y[row + j] = (r[row + j] + coupling * before(y, row, i, j)) * pivot;
      }
    }
  }

  /**
   * Solves {@code (D / omega + L') y = r}.
   *
   * @param r [n], not modified unless it is y
   * @param y [n], overwritten
   */
  public void solveUpper(double omega, double[] r, double[] y) {
    double pivot = omega / diagonal;
    for (int i = side - 1; i >= 0; i--) {
      int row = i * side;
      for (int j = side - 1; j >= 0; j--) {
        y[row + j] = (r[row + j] + coupling * after(y, row, i, j)) * pivot;
      }
    }
  }

  /** The sum of the neighbours with lower numbers. */
  private double before(double[] x, int row, int i, int j) {
    int k = row + j;
    return (i > 0 ? x[k - side] : 0) + (j > 0 ? x[k - 1] : 0);
  }

  /** The sum of the neighbours with higher numbers. */
  private double after(double[] x, int row, int i, int j) {
    int k = row + j;
    return (j < side - 1 ? x[k + 1] : 0) + (i < side - 1 ? x[k + side] : 0);
  }
}
