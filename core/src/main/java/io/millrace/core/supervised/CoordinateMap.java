package io.millrace.core.supervised;

import io.millrace.core.features.Rows;
import java.util.Arrays;

/**
 * The distinct coordinates of a sparse mini-batch in order of first occurrence, and for every
 * occurrence its place among them. Open addressing over twice the occurrences, so small batches
 * stay in the first cache. Reused. Not thread-safe.
 */
final class CoordinateMap {
  private int[] first = new int[64];
  private int[] touched = first;
  private int[] place = new int[64];
  private int[] slots = new int[128];
  private int count;
  private boolean identity;

  /** Distinct coordinates; {@link #count} of them count. May be the rows' own array. */
  int[] touched() {
    return touched;
  }

  int count() {
    return count;
  }

  /** Place of each occurrence, at its position; null: occurrence i is at place i. */
  int[] place() {
    return identity ? null : place;
  }

  /** Maps coordinates, all of them distinct, to their places. */
  void map(int[] coordinates) {
    identity = true;
    touched = coordinates;
    count = coordinates.length;
  }

  /**
   * Maps the coordinates of rows.
   *
   * @param row the first
   * @param rows how many; only of one row can {@link #place} be null
   */
  void map(Rows batch, int row, int rows) {
    int[] index = batch.index();
    int from = batch.start(row);
    int to = batch.end(row + rows - 1);
    int n = to - from;
    identity = rows == 1 && (batch.distinct(row) || ascending(index, from, to));
    if (identity && from == 0) {
      if (touched != index) {
        touched = index;
      }
      count = n;
      return;
    }
    if (first.length < n) {
      first = new int[Math.max(n, 2 * first.length)];
    }
    touched = first;
    if (identity) {
      System.arraycopy(index, from, touched, 0, n);
      count = n;
      return;
    }
    if (place.length < to) {
      place = new int[Math.max(to, 2 * place.length)];
    }
    int size = Math.max(128, Integer.highestOneBit(Math.max(1, n)) << 2);
    if (slots.length < size) {
      slots = new int[size];
    }
    Arrays.fill(slots, 0, size, 0);
    int mask = size - 1;
    int shift = Integer.numberOfLeadingZeros(mask);
    count = 0;
    for (int c = from; c < to; c++) {
      int j = index[c];
      int at = j * 0x9E3779B9 >>> shift; // Fibonacci hashing: the top bits are the mixed ones
      int held = slots[at];
      while (held != 0 && touched[held - 1] != j) {
        at = at + 1 & mask;
        held = slots[at];
      }
      if (held == 0) {
        touched[count] = j;
        held = ++count;
        slots[at] = held;
      }
      place[c] = held - 1;
    }
    identity = rows == 1 && count == n;
  }

  private static boolean ascending(int[] index, int from, int to) {
    int gaps = 0; // negative as soon as one is: no branch for each, and several at a time
    for (int c = from + 1; c < to; c++) {
      gaps |= index[c] - index[c - 1] - 1;
    }
    return gaps >= 0;
  }
}
