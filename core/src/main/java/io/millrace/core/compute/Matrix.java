package io.millrace.core.compute;

/**
 * A matrix in an array: a view that is aimed anew instead of made anew. Stored row by row without
 * gaps, and read as stored or as its transpose. {@link Kernels} hands them out. Not thread-safe.
 */
public final class Matrix {
  private double[] values = {};
  private int offset;
  private int storedRows;
  private int storedCols;
  private boolean transposed;

  Matrix() {}

  Matrix aim(double[] array, int from, int rows, int cols) {
    values = array;
    offset = from;
    storedRows = rows;
    storedCols = cols;
    transposed = false;
    return this;
  }

  /**
   * The same elements with rows and columns exchanged; they stay where they are.
   *
   * @return this
   */
  public Matrix transposed() {
    transposed = !transposed;
    return this;
  }

  /** The transpose where so said, else the matrix as it is. */
  public Matrix transposed(boolean really) {
    return really ? transposed() : this;
  }

  /** Rows as read. */
  public int rows() {
    return transposed ? storedCols : storedRows;
  }

  /** Columns as read. */
  public int cols() {
    return transposed ? storedRows : storedCols;
  }

  /** Whether the matrix is read as the transpose of what is stored. */
  public boolean isTransposed() {
    return transposed;
  }

  /** The live array. */
  public double[] values() {
    return values;
  }

  /** Where the first element lies. */
  public int offset() {
    return offset;
  }

  /** From an element to the one below it. */
  public int rowStride() {
    return transposed ? 1 : storedCols;
  }

  /** From an element to the one on its right. */
  public int colStride() {
    return transposed ? storedCols : 1;
  }

  @Override
  public String toString() {
    return rows() + "x" + cols();
  }
}
