package io.millrace.compute.simd;

import io.millrace.core.compute.ForwardingKernels;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Matrix;
import io.millrace.core.compute.Vectors;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Dot products and products of matrices in vectors, everything else by the kernels it is made with.
 * Vectors are multiplied, then added: a fused operation would round once less than the scalar loops
 * do. Not thread-safe.
 */
final class SimdKernels extends ForwardingKernels {
  /** Width of the two halves that hold the eight sums of a dot product. */
  static final int LEAST_BITS = 256;

  private static final VectorSpecies<Double> HALF = DoubleVector.SPECIES_256;
  private static final VectorSpecies<Double> WIDE = DoubleVector.SPECIES_PREFERRED;
  private static final int WIDTH = WIDE.length();

  /** Columns of a panel: those that a row of sums in registers has, two vectors. */
  private static final int PANEL = 2 * WIDTH;

  /** Rows of a panel that are multiplied at a time: 128 x 16 doubles lie in a first-level cache. */
  private static final int TILE_ROWS = 128;

  /** Columns that are packed at a time: half a MiB, of which a second-level cache holds most. */
  private static final int TILE_COLUMNS = 512;

  /** Rows whose sums are in registers at a time. */
  private static final int ROWS = 4;

  /** Least rows of a product for which copying the right factor into panels pays. */
  private static final int PACK_FROM = 8;

  /** Least elements of a dot product for which adding up the lanes of vectors pays. */
  private static final int DOT_FROM = 16;

  private final Kernels scalar;
  private final double[] edge = new double[ROWS * PANEL];
  private double[] panels = {};

  SimdKernels(Kernels scalar) {
    super(scalar);
    this.scalar = scalar;
  }

  /** Bits of the widest vectors that this machine has instructions for. */
  static int preferredBits() {
    return WIDE.vectorBitSize();
  }

  @Override
  public double dot(int n, double[] a, int aOffset, double[] b, int bOffset) {
    if (n < DOT_FROM) {
      return Vectors.dot(a, aOffset, b, bOffset, n);
    }
    DoubleVector first = DoubleVector.zero(HALF);
    DoubleVector second = DoubleVector.zero(HALF);
    int whole = n & -8;
    for (int i = 0; i < whole; i += 8) {
      first =
          first.add(
              DoubleVector.fromArray(HALF, a, aOffset + i)
                  .mul(DoubleVector.fromArray(HALF, b, bOffset + i)));
      second =
          second.add(
              DoubleVector.fromArray(HALF, a, aOffset + i + 4)
                  .mul(DoubleVector.fromArray(HALF, b, bOffset + i + 4)));
    }
    double s0 = first.lane(0);
    for (int i = whole; i < n; i++) {
      s0 += a[aOffset + i] * b[bOffset + i];
    }
    return ((s0 + second.lane(0)) + (first.lane(1) + second.lane(1)))
        + ((first.lane(2) + second.lane(2)) + (first.lane(3) + second.lane(3)));
  }

  @Override
  public void gemv(
      double alpha, Matrix a, double[] x, int xOffset, double beta, double[] y, int yOffset) {
    int rows = a.rows();
    int cols = a.cols();
    if (!a.isTransposed()) {
      for (int i = 0; i < rows; i++) {
        double product = alpha * dot(cols, a.values(), a.offset() + i * cols, x, xOffset);
        y[yOffset + i] = beta == 0 ? product : product + beta * y[yOffset + i];
      }
      return;
    }
    scale(rows, beta, y, yOffset);
    row(cols, rows, alpha, x, xOffset, 1, a.values(), a.offset(), rows, y, yOffset);
  }

  @Override
  public void gemm(double alpha, Matrix left, Matrix right, double beta, Matrix into) {
    int m = into.rows();
    int n = into.cols();
    boolean packed = m >= PACK_FROM;
    if (n < WIDTH || (right.isTransposed() && !packed)) {
      scalar.gemm(alpha, left, right, beta, into);
      return;
    }
    requireFit(left, right, into);
    int k = left.cols();
    scale(m * n, beta, into.values(), into.offset());
    if (packed) {
      addPacked(alpha, left, right, into);
      return;
    }
    double[] a = left.values();
    for (int i = 0; i < m; i++) {
      row(
          k,
          n,
          alpha,
          a,
          left.offset() + i * left.rowStride(),
          left.colStride(),
          right.values(),
          right.offset(),
          n,
          into.values(),
          into.offset() + i * n);
    }
  }

  /** C += alpha A B by tiles of B, each copied into panels in which a row is two vectors. */
  private void addPacked(double alpha, Matrix left, Matrix right, Matrix into) {
    int n = into.cols();
    int k = left.cols();
    for (int l = 0; l < n; l += TILE_COLUMNS) {
      int columns = Math.min(TILE_COLUMNS, n - l);
      for (int j = 0; j < k; j += TILE_ROWS) {
        int count = Math.min(TILE_ROWS, k - j);
        pack(count, columns, right, j, l);
        addTile(alpha, left, j, count, into, l, columns);
      }
    }
  }

  private void addTile(
      double alpha, Matrix left, int j, int count, Matrix into, int l, int columns) {
    int m = into.rows();
    int n = into.cols();
    double[] a = left.values();
    int rowA = left.rowStride();
    int colA = left.colStride();
    double[] c = into.values();
    for (int p = 0; p < columns; p += PANEL) {
      int panel = p * count;
      int width = Math.min(PANEL, columns - p);
      int i = 0;
      for (; i + ROWS <= m; i += ROWS) {
        int from = left.offset() + i * rowA + j * colA;
        int to = into.offset() + i * n + l + p;
        if (width == PANEL) {
          four(count, alpha, a, from, rowA, colA, panels, panel, c, to, n);
        } else {
          move(ROWS, width, c, to, n, edge, 0, PANEL);
          four(count, alpha, a, from, rowA, colA, panels, panel, edge, 0, PANEL);
          move(ROWS, width, edge, 0, PANEL, c, to, n);
        }
      }
      for (; i < m; i++) {
        int from = left.offset() + i * rowA + j * colA;
        int to = into.offset() + i * n + l + p;
        if (width == PANEL) {
          one(count, alpha, a, from, colA, panels, panel, PANEL, c, to);
        } else {
          move(1, width, c, to, n, edge, 0, PANEL);
          one(count, alpha, a, from, colA, panels, panel, PANEL, edge, 0);
          move(1, width, edge, 0, PANEL, c, to, n);
        }
      }
    }
  }

  /** Panel after panel [count x PANEL]; what the last one has beyond the matrix is 0. */
  private void pack(int count, int columns, Matrix right, int j, int l) {
    int panelCount = (columns + PANEL - 1) / PANEL;
    int need = panelCount * PANEL * count;
    if (panels.length < need) {
      panels = new double[Math.max(need, 2 * panels.length)];
    }
    double[] b = right.values();
    int rowB = right.rowStride();
    int colB = right.colStride();
    for (int p = 0; p < columns; p += PANEL) {
      int width = Math.min(PANEL, columns - p);
      int to = p * count;
      int from = right.offset() + j * rowB + (l + p) * colB;
      if (width < PANEL) {
        Arrays.fill(panels, to, to + PANEL * count, 0);
      }
      if (colB == 1) {
        move(count, width, b, from, rowB, panels, to, PANEL);
      } else {
        for (int q = 0; q < width; q++) {
          for (int r = 0; r < count; r++) {
            panels[to + r * PANEL + q] = b[from + q * colB + r * rowB];
          }
        }
      }
    }
  }

  private static void move(
      int rows,
      int width,
      double[] from,
      int fromAt,
      int fromStride,
      double[] to,
      int toAt,
      int toStride) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(from, fromAt + r * fromStride, to, toAt + r * toStride, width);
    }
  }

  /** y += alpha sum_j f_j row_j for rows [count x n] that lie {@code stride} apart. */
  private static void row(
      int count,
      int n,
      double alpha,
      double[] f,
      int fFrom,
      int fStride,
      double[] rows,
      int from,
      int stride,
      double[] y,
      int yFrom) {
    int l = 0;
    for (; l + PANEL <= n; l += PANEL) {
      one(count, alpha, f, fFrom, fStride, rows, from + l, stride, y, yFrom + l);
    }
    for (; l < n; l++) {
      double sum = y[yFrom + l];
      for (int j = 0; j < count; j++) {
        sum += alpha * f[fFrom + j * fStride] * rows[from + j * stride + l];
      }
      y[yFrom + l] = sum;
    }
  }

  /** Two vectors of sums: c += alpha sum_j f_j b_j, in the order of j. */
  private static void one(
      int count,
      double alpha,
      double[] f,
      int fFrom,
      int fStride,
      double[] b,
      int bFrom,
      int bStride,
      double[] c,
      int cFrom) {
    DoubleVector s = DoubleVector.fromArray(WIDE, c, cFrom);
    DoubleVector t = DoubleVector.fromArray(WIDE, c, cFrom + WIDTH);
    for (int j = 0; j < count; j++) {
      double factor = alpha * f[fFrom + j * fStride];
      int at = bFrom + j * bStride;
      s = s.add(DoubleVector.fromArray(WIDE, b, at).mul(factor));
      t = t.add(DoubleVector.fromArray(WIDE, b, at + WIDTH).mul(factor));
    }
    s.intoArray(c, cFrom);
    t.intoArray(c, cFrom + WIDTH);
  }

  /** The same for four rows of factors and of sums, over one panel. */
  private static void four(
      int count,
      double alpha,
      double[] f,
      int fFrom,
      int fRows,
      int fStride,
      double[] b,
      int bFrom,
      double[] c,
      int cFrom,
      int cStride) {
    int c1 = cFrom + cStride;
    int c2 = c1 + cStride;
    int c3 = c2 + cStride;
    DoubleVector s0 = DoubleVector.fromArray(WIDE, c, cFrom);
    DoubleVector t0 = DoubleVector.fromArray(WIDE, c, cFrom + WIDTH);
    DoubleVector s1 = DoubleVector.fromArray(WIDE, c, c1);
    DoubleVector t1 = DoubleVector.fromArray(WIDE, c, c1 + WIDTH);
    DoubleVector s2 = DoubleVector.fromArray(WIDE, c, c2);
    DoubleVector t2 = DoubleVector.fromArray(WIDE, c, c2 + WIDTH);
    DoubleVector s3 = DoubleVector.fromArray(WIDE, c, c3);
    DoubleVector t3 = DoubleVector.fromArray(WIDE, c, c3 + WIDTH);
    for (int j = 0; j < count; j++) {
      int at = bFrom + j * PANEL;
      DoubleVector u = DoubleVector.fromArray(WIDE, b, at);
      DoubleVector v = DoubleVector.fromArray(WIDE, b, at + WIDTH);
      int of = fFrom + j * fStride;
      DoubleVector f0 = DoubleVector.broadcast(WIDE, alpha * f[of]);
      s0 = s0.add(u.mul(f0));
      t0 = t0.add(v.mul(f0));
      DoubleVector f1 = DoubleVector.broadcast(WIDE, alpha * f[of + fRows]);
      s1 = s1.add(u.mul(f1));
      t1 = t1.add(v.mul(f1));
      DoubleVector f2 = DoubleVector.broadcast(WIDE, alpha * f[of + 2 * fRows]);
      s2 = s2.add(u.mul(f2));
      t2 = t2.add(v.mul(f2));
      DoubleVector f3 = DoubleVector.broadcast(WIDE, alpha * f[of + 3 * fRows]);
      s3 = s3.add(u.mul(f3));
      t3 = t3.add(v.mul(f3));
    }
    s0.intoArray(c, cFrom);
    t0.intoArray(c, cFrom + WIDTH);
    s1.intoArray(c, c1);
    t1.intoArray(c, c1 + WIDTH);
    s2.intoArray(c, c2);
    t2.intoArray(c, c2 + WIDTH);
    s3.intoArray(c, c3);
    t3.intoArray(c, c3 + WIDTH);
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
}
