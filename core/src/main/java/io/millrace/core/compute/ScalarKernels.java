package io.millrace.core.compute;

import java.util.Arrays;

/** Plain loops in a fixed order of summation, decompositions by EJML. Not thread-safe. */
final class ScalarKernels extends Kernels {
  /** Least rows and columns of a product for which copying op(B) into rows pays. */
  private static final int PACK_FROM = 8;

  private final PackedProduct packed = new PackedProduct();
  private final SizedScratch<SymmetricEigen> eigen = new SizedScratch<>(SymmetricEigen::new);
  private final SizedScratch<ThinQr> qr = new SizedScratch<>(ThinQr::new);

  @Override
  public double dot(int n, double[] a, int aOffset, double[] b, int bOffset) {
    return Vectors.dot(a, aOffset, b, bOffset, n);
  }

  @Override
  public double norm(int n, double[] a, int aOffset) {
    return Vectors.norm(a, aOffset, n);
  }

  @Override
  public void gemv(
      double alpha, Matrix a, double[] x, int xOffset, double beta, double[] y, int yOffset) {
    double[] values = a.values();
    int offset = a.offset();
    if (!a.isTransposed()) {
      int cols = a.cols();
      for (int i = 0; i < a.rows(); i++) {
        double product = alpha * dot(cols, values, offset + i * cols, x, xOffset);
        y[yOffset + i] = beta == 0 ? product : product + beta * y[yOffset + i];
      }
      return;
    }
    int rows = a.cols(); // as stored
    int cols = a.rows();
    scale(cols, beta, y, yOffset);
    int i = 0;
    for (; i + 3 < rows; i += 4) {
      int at = xOffset + i;
      axpy4(
          cols,
          alpha * x[at],
          alpha * x[at + 1],
          alpha * x[at + 2],
          alpha * x[at + 3],
          values,
          offset + i * cols,
          y,
          yOffset);
    }
    for (; i < rows; i++) {
      axpy(cols, alpha * x[xOffset + i], values, offset + i * cols, y, yOffset);
    }
  }

  @Override
  public void gemm(double alpha, Matrix left, Matrix right, double beta, Matrix into) {
    requireFit(left, right, into);
    int m = into.rows();
    int n = into.cols();
    int k = left.cols();
    double[] c = into.values();
    if (m >= PACK_FROM && n >= PACK_FROM) {
      scale(m * n, beta, c, into.offset());
      packed.add(alpha, left, right, into);
      return;
    }
    double[] a = left.values();
    int rowA = left.rowStride();
    int colA = left.colStride();
    double[] b = right.values();
    int bOffset = right.offset();
    for (int i = 0; i < m; i++) {
      int row = into.offset() + i * n;
      int at = left.offset() + i * rowA;
      scale(n, beta, c, row);
      if (right.isTransposed()) {
        addDots(n, k, alpha, a, at, colA, b, bOffset, c, row);
      } else {
        for (int j = 0; j < k; j++) {
          axpy(n, alpha * a[at + j * colA], b, bOffset + j * n, c, row);
        }
      }
    }
  }

  /** c_l += alpha sum_j a_j b_lj, four sums at a time because they do not wait for each other. */
  private static void addDots(
      int n,
      int k,
      double alpha,
      double[] a,
      int aOffset,
      int aStride,
      double[] b,
      int bOffset,
      double[] c,
      int cOffset) {
    int l = 0;
    for (; l + 3 < n; l += 4) {
      double s0 = c[cOffset + l];
      double s1 = c[cOffset + l + 1];
      double s2 = c[cOffset + l + 2];
      double s3 = c[cOffset + l + 3];
      for (int j = 0; j < k; j++) {
        double factor = alpha * a[aOffset + j * aStride];
        int at = bOffset + l * k + j;
        s0 += factor * b[at];
        s1 += factor * b[at + k];
        s2 += factor * b[at + 2 * k];
        s3 += factor * b[at + 3 * k];
      }
      c[cOffset + l] = s0;
      c[cOffset + l + 1] = s1;
      c[cOffset + l + 2] = s2;
      c[cOffset + l + 3] = s3;
    }
    for (; l < n; l++) {
      double sum = c[cOffset + l];
      for (int j = 0; j < k; j++) {
        sum += alpha * a[aOffset + j * aStride] * b[bOffset + l * k + j];
      }
      c[cOffset + l] = sum;
    }
  }

  private static void scale(int n, double beta, double[] y, int offset) {
    if (beta == 0) {
      Arrays.fill(y, offset, offset + n, 0);
    } else if (beta != 1) {
      for (int i = 0; i < n; i++) {
        y[offset + i] *= beta;
      }
    }
  }

  private static void axpy(int n, double factor, double[] x, int xOffset, double[] y, int yOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] += factor * x[xOffset + i];
    }
  }

  /** y += f0 x_0 + f1 x_1 + f2 x_2 + f3 x_3 in this order, rows of X one after another. */
  private static void axpy4(
      int n,
      double f0,
      double f1,
      double f2,
      double f3,
      double[] x,
      int xOffset,
      double[] y,
      int yOffset) {
    int x1 = xOffset + n;
    int x2 = x1 + n;
    int x3 = x2 + n;
    for (int i = 0; i < n; i++) {
      y[yOffset + i] =
          y[yOffset + i] + f0 * x[xOffset + i] + f1 * x[x1 + i] + f2 * x[x2 + i] + f3 * x[x3 + i];
    }
  }

  /** Row by row (Cholesky-Banachiewicz): row i needs only rows above it, so l may be a. */
  @Override
  public boolean cholesky(int n, double[] a, double[] l) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double rest = a[i * n + j] - dot(j, l, i * n, l, j * n);
        if (i != j) {
          l[i * n + j] = rest / l[j * n + j];
        } else if (rest > 0 && rest < Double.POSITIVE_INFINITY) {
          l[i * n + i] = Math.sqrt(rest);
        } else {
          return false;
        }
      }
      Arrays.fill(l, i * n + i + 1, (i + 1) * n, 0);
    }
    return true;
  }

  @Override
  public void solveTriangular(Transpose transpose, int n, double[] l, int columns, double[] b) {
    if (transpose == Transpose.NO) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
          axpy(columns, -l[i * n + j], b, j * columns, b, i * columns);
        }
        divide(columns, l[i * n + i], b, i * columns);
      }
      return;
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int j = n - 1; j > i; j--) {
        axpy(columns, -l[j * n + i], b, j * columns, b, i * columns);
      }
      divide(columns, l[i * n + i], b, i * columns);
    }
  }

  private static void divide(int n, double by, double[] y, int offset) {
    for (int i = 0; i < n; i++) {
      y[offset + i] /= by;
    }
  }

  @Override
  public void eigenSymmetric(int n, double[] a, double[] values, double[] vectors) {
    if (n == 0) {
      return;
    }
    eigen.of(n, n).decompose(a, values, vectors);
  }

  @Override
  public void inverseRoot(int n, double[] a, double p, double ridge, double[] out) {
    if (n == 0) {
      return;
    }
    SymmetricEigen own = eigen.of(n, n);
    double[] values = own.values;
    double[] vectors = own.vectors;
    double[] scaled = own.scaled;
    own.decompose(a, values, vectors);
    for (int j = 0; j < n; j++) {
      double root = inverseRoot(Math.max(values[j], 0) + ridge, p);
      for (int i = 0; i < n; i++) {
        scaled[i * n + j] = vectors[i * n + j] * root;
      }
    }
    gemm(1, left(scaled, n, n), right(vectors, n, n).transposed(), 0, into(out, n, n));
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        // Both halves carry rounding of their own; the mean makes the result exactly symmetric.
        double mean = 0.5 * (out[i * n + j] + out[j * n + i]);
        out[i * n + j] = mean;
        out[j * n + i] = mean;
      }
    }
  }

  private static double inverseRoot(double x, double p) {
    if (p == 2) {
      return 1 / Math.sqrt(x);
    }
    // StrictMath.pow allocates.
    return p == 4 ? 1 / Math.sqrt(Math.sqrt(x)) : StrictMath.pow(x, -1 / p);
  }

  @Override
  public void qr(int m, int n, double[] a, double[] q, double[] r) {
    if (m < n) {
      throw new IllegalStateException("thin QR of " + m + "x" + n + ": needs rows >= columns");
    }
    if (n == 0) {
      return;
    }
    qr.of(m, n).decompose(a, q, r);
  }
}
