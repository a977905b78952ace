package io.millrace.core.linalg;

import io.millrace.core.compute.Vectors;

/**
 * Cholesky factor L L' = A of a symmetric positive definite matrix that gains a last row and column
 * or loses any row and its column. Methods with an active set solve their systems by it. Appending
 * and removing cost O(n^2), solving 2 n^2 flops. Allocates only when it grows beyond all it has
 * held. Not thread-safe.
 */
public final class GrowingCholesky {
  private double[] l = {};
  private int stride;
  private int n;

  /** Rows held. */
  public int size() {
    return n;
  }

  /** Back to the empty matrix. */
  public void clear() {
    n = 0;
  }

  /**
   * Appends a row and column.
   *
   * @param column [n], the new element's products with those held; overwritten
   * @param diagonal its product with itself
   * @param least the new squared pivot must exceed this
   * @return false where it does not, because the row is a combination of those held, to rounding;
   *     nothing has changed then
   */
  public boolean append(double[] column, double diagonal, double least) {
    forward(column);
    double pivot = diagonal - Vectors.dot(column, 0, column, 0, n);
    if (!(pivot > least)) {
      return false;
    }
    reserve(n + 1);
    System.arraycopy(column, 0, l, n * stride, n);
    l[n * stride + n] = Math.sqrt(pivot);
    n++;
    return true;
  }

  /**
   * Removes a row and its column. Without row k the rows below have one element too many; rotations
   * of neighbouring columns make them triangular again (Golub, Van Loan, Matrix Computations,
   * section 6.5).
   *
   * @param k from 0
   */
  public void remove(int k) {
    n--;
    for (int i = k; i < n; i++) {
      System.arraycopy(l, (i + 1) * stride, l, i * stride, i + 2);
    }
    for (int i = k; i < n; i++) {
      int at = i * stride + i;
      double x = l[at];
      double y = l[at + 1];
      double r = StrictMath.hypot(x, y);
      double cos = x / r;
      double sin = y / r;
      l[at] = r;
      for (int row = i + 1; row < n; row++) {
        int p = row * stride + i;
        double u = l[p];
        double v = l[p + 1];
        l[p] = cos * u + sin * v;
        l[p + 1] = cos * v - sin * u;
      }
    }
  }

  /**
   * Solves A x = b.
   *
   * @param b [n], overwritten by x
   */
  public void solve(double[] b) {
    forward(b);
    for (int i = n - 1; i >= 0; i--) {
      double x = b[i] / l[i * stride + i];
      b[i] = x;
      for (int j = 0; j < i; j++) {
        b[j] -= x * l[i * stride + j];
      }
    }
  }

  /**
   * Solves L y = b.
   *
   * @param b [n], overwritten by y
   */
  public void forward(double[] b) {
    for (int i = 0; i < n; i++) {
      b[i] = (b[i] - Vectors.dot(l, i * stride, b, 0, i)) / l[i * stride + i];
    }
  }

  private void reserve(int rows) {
    if (rows <= stride) {
      return;
    }
    int wider = Math.max(rows, Math.max(16, 2 * stride));
    double[] larger = new double[wider * wider];
    for (int i = 0; i < n; i++) {
      System.arraycopy(l, i * stride, larger, i * wider, i + 1);
    }
    l = larger;
    stride = wider;
  }
}
