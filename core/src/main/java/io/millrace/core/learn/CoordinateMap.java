package io.millrace.core.learn;

import java.util.Arrays;

/**
 * The distinct coordinates of a sparse mini-batch in order of first occurrence, and for every
 * occurrence its place among them. Open addressing over twice the occurrences, so small batches
 * stay in the first cache. Reused. Not thread-safe.
 */
final class CoordinateMap {
  private int[] touched = new int[64];
  private int[] place = new int[64];
  private int[] slots = new int[128];
  private int count;
  private boolean identity;

  /** Distinct coordinates; {@link #count} of them count. */
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

  /**
   * Maps the occurrences at {@code from <= c < to}.
   *
   * @param oneRow whether they are one row; only then can {@link #place} be null
   */
  void map(int[] index, int from, int to, boolean oneRow) {
    int n = to - from;
    if (touched.length < n) {
      touched = new int[Math.max(n, 2 * touched.length)];
    }
    if (oneRow && ascending(index, from, to)) {
      System.arraycopy(index, from, touched, 0, n);
      count = n;
      identity = true;
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
    identity = oneRow && count == n;
  }

  private static boolean ascending(int[] index, int from, int to) {
    for (int c = from + 1; c < to; c++) {
      if (index[c] <= index[c - 1]) {
        return false;
      }
    }
    return true;
  }
}
