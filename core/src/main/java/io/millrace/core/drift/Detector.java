package io.millrace.core.drift;

import java.util.Arrays;

/**
 * A rule that says whether the mean, or the law, of a stream of values has changed. Immutable: its
 * numbers are {@link #length()} doubles in a block that the caller keeps, zeros at first.
 */
public interface Detector {
  /** Whether it draws numbers. */
  default boolean draws() {
    return false;
  }

  /** Doubles that the caller keeps. */
  int length();

  /**
   * Takes a value. After a change the detector goes on by itself: the next value finds it empty, or
   * with the recent part of its window, as its class says.
   *
   * @param block holds the numbers from {@code at} on, modified
   * @param x finite; 0 or 1 where the detector is {@link DetectorSpec#binary binary}
   * @param context what may be drawn and scribbled on; takes the statistic and its threshold
   */
  Signal add(double[] block, int at, double x, DetectorContext context);

  /** Forgets everything. */
  default void restart(double[] block, int at) {
    Arrays.fill(block, at, at + length(), 0);
  }
}
