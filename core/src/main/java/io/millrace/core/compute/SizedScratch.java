package io.millrace.core.compute;

import java.util.Arrays;

/** Scratch objects for matrices of a few sizes; the oldest gives way. Not thread-safe. */
final class SizedScratch<T> {
  /** Sizes kept. */
  private static final int KEPT = 16;

  /** Makes scratch for {@code m x n}. */
  interface Maker<T> {
    T make(int m, int n);
  }

  private final Maker<T> maker;
  private final int[] rows = new int[KEPT];
  private final int[] cols = new int[KEPT];
  private final Object[] made = new Object[KEPT];
  private int oldest;

  SizedScratch(Maker<T> maker) {
    this.maker = maker;
    Arrays.fill(rows, -1);
  }

  @SuppressWarnings("unchecked") // only what the maker made is ever put in
  T of(int m, int n) {
    for (int i = 0; i < KEPT; i++) {
      if (rows[i] == m && cols[i] == n) {
        return (T) made[i];
      }
    }
    T t = maker.make(m, n);
    rows[oldest] = m;
    cols[oldest] = n;
    made[oldest] = t;
    oldest = (oldest + 1) % KEPT;
    return t;
  }
}
