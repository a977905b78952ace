package io.millrace.core.compute;

/**
 * C += alpha op(A) op(B) in tiles of op(B), each copied into rows of its own first: {@link
 * Vectors#addRows} says why. Every element is summed in the order of k, as without tiles. Not
 * thread-safe.
 */
final class PackedProduct {
  /** Rows and columns of a tile: half a MiB, of which a second-level cache holds most. */
  private static final int TILE_ROWS = 128;

  private static final int TILE_COLUMNS = 512;

  private final double[][] rows = new double[TILE_ROWS][0];
  private double[] sum = {};

  /** Adds the product; shapes as {@link Kernels#gemm}. */
  void add(double alpha, Matrix left, Matrix right, Matrix into) {
    int m = into.rows();
    int n = into.cols();
    int k = left.cols();
    double[] a = left.values();
    int rowA = left.rowStride();
    int colA = left.colStride();
    double[] b = right.values();
    int rowB = right.rowStride();
    int colB = right.colStride();
    double[] c = into.values();
    for (int l = 0; l < n; l += TILE_COLUMNS) {
      int columns = Math.min(TILE_COLUMNS, n - l);
      reserve(columns);
      for (int j = 0; j < k; j += TILE_ROWS) {
        int count = Math.min(TILE_ROWS, k - j);
        pack(count, columns, b, right.offset() + j * rowB + l * colB, rowB, colB);
        for (int i = 0; i < m; i++) {
          int at = into.offset() + i * n + l;
          int factors = left.offset() + i * rowA + j * colA;
          System.arraycopy(c, at, sum, 0, columns);
          Vectors.addRows(count, columns, alpha, a, factors, colA, rows, sum);
          System.arraycopy(sum, 0, c, at, columns);
        }
      }
    }
  }

  private void pack(int count, int columns, double[] b, int from, int rowB, int colB) {
    for (int j = 0; j < count; j++) {
      double[] row = rows[j];
      int at = from + j * rowB;
      if (colB == 1) {
        System.arraycopy(b, at, row, 0, columns);
      } else {
        for (int l = 0; l < columns; l++) {
          row[l] = b[at + l * colB];
        }
      }
    }
  }

  private void reserve(int columns) {
    if (sum.length < columns) {
      int length = Math.min(TILE_COLUMNS, Math.max(columns, 2 * sum.length));
      sum = new double[length];
      for (int j = 0; j < TILE_ROWS; j++) {
        rows[j] = new double[length];
      }
    }
  }
}
