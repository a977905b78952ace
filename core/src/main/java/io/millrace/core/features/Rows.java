package io.millrace.core.features;

import java.util.Arrays;

/**
 * A growable mini-batch of rows over primitive arrays, reused: {@link #clear} keeps the arrays. A
 * dense row has all coordinates in order, a sparse row has indices and values; all rows of one
 * batch are of one kind. Not thread-safe.
 *
 * <p>Writing a row: {@link #beginRow}, then {@link #add} for every coordinate, then {@link
 * #endRow}; {@link #dropRow} takes back what was written since {@code beginRow}.
 */
public final class Rows {
  private final boolean dense;
  private int count;
  private int[] start = new int[9];
  private int[] index = new int[64];
  private double[] value = new double[64];
  private double[] label = new double[8];
  private double[] weight = new double[8];
  private boolean[] distinct = new boolean[8];
  private boolean openDistinct;
  private int end;

  public Rows(boolean dense) {
    this.dense = dense;
  }

  /** Forgets all rows. */
  public void clear() {
    count = 0;
    end = 0;
  }

  public boolean dense() {
    return dense;
  }

  /** Number of finished rows. */
  public int count() {
    return count;
  }

  /** Position of the first coordinate of a row in {@link #index()} and {@link #value()}. */
  public int start(int row) {
    return start[row];
  }

  /** One past the last coordinate of a row. */
  public int end(int row) {
    return start[row + 1];
  }

  /**
   * Live array of coordinate indices; meaningless where {@link #dense()}. May be replaced by the
   * next add.
   */
  public int[] index() {
    return index;
  }

  /** Live array of coordinate values. May be replaced by the next add. */
  public double[] value() {
    return value;
  }

  /** Label of a row: target, or class index; NaN where there is none. */
  public double label(int row) {
    return label[row];
  }

  public double weight(int row) {
    return weight[row];
  }

  /**
   * Whether the writer of a row has checked that no index occurs twice in it. False says that
   * nobody has checked, not that one does.
   */
  public boolean distinct(int row) {
    return distinct[row];
  }

  public void setLabel(int row, double y, double w) {
    label[row] = y;
    weight[row] = w;
  }

  /** Starts a row behind the finished ones. */
  public void beginRow() {
    end = count == 0 ? 0 : start[count];
    start[count] = end;
    openDistinct = false;
  }

  /** Declares that no index occurs twice in the open row. Readers need not check then. */
  public void markDistinct() {
    openDistinct = true;
  }

  /** Makes room for {@code n} more coordinates. */
  public void reserve(int n) {
    if (end + n > value.length) {
      int size = Math.max(end + n, value.length * 2);
      value = Arrays.copyOf(value, size);
      if (!dense) {
        index = Arrays.copyOf(index, size);
      }
    }
  }

  /**
   * Adds {@code n} coordinates to the open row at once. The caller writes them through {@link
   * #value()} and {@link #index()}; until then they are undefined.
   *
   * @return position of the first
   */
  public int extend(int n) {
    reserve(n);
    int first = end;
    end += n;
    return first;
  }

  /** Appends a coordinate of a dense row. */
  public void add(double v) {
    reserve(1);
    value[end++] = v;
  }

  /** Appends a coordinate of a sparse row. */
  public void add(int i, double v) {
    reserve(1);
    index[end] = i;
    value[end++] = v;
  }

  /** Coordinates written since {@link #beginRow}. */
  public int pendingCoordinates() {
    return end - start[count];
  }

  /**
   * Finishes the row.
   *
   * @param y target or class index, NaN: no label
   * @param w weight, finite and at least 0
   */
  public void endRow(double y, double w) {
    if (count + 2 > start.length) {
      start = Arrays.copyOf(start, start.length * 2);
    }
    if (count == label.length) {
      label = Arrays.copyOf(label, count * 2);
      weight = Arrays.copyOf(weight, count * 2);
      distinct = Arrays.copyOf(distinct, count * 2);
    }
    label[count] = y;
    weight[count] = w;
    distinct[count] = openDistinct;
    start[++count] = end;
  }

  /** Takes back the unfinished row. */
  public void dropRow() {
    end = start[count];
  }

  /** Appends a copy of a row of another batch of the same kind. */
  public void addRow(Rows other, int row) {
    beginRow();
    int from = other.start(row);
    int n = other.end(row) - from;
    reserve(n);
    System.arraycopy(other.value, from, value, end, n);
    if (!dense) {
      System.arraycopy(other.index, from, index, end, n);
    }
    end += n;
    openDistinct = other.distinct[row];
    endRow(other.label[row], other.weight[row]);
  }

  /** Takes back the last finished row. */
  public void removeLast() {
    count--;
    end = start[count];
  }
}
