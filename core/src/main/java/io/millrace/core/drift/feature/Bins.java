package io.millrace.core.drift.feature;

import java.util.Arrays;

/**
 * Bins of a feature, with about as many values of the reference in each, and cells of equal width
 * over its range.
 *
 * <pre>
 * edge_j = value of rank ceil(j n / B), j = 1 .. B-1, kept where it is above the one before
 * bin(v) = #{edges &lt; v}: closed on the right        cell(v) = floor((v - min) / width), clamped
 * </pre>
 */
public final class Bins {
  private Bins() {}

  /**
   * Finds the edges.
   *
   * @param sorted the first {@code n} are the reference, sorted; not modified
   * @param n at least 1
   * @param bins at least 2
   * @param out takes at most {@code bins - 1} edges from {@code at} on
   * @return how many there are: fewer where values are equal, at least one
   */
  public static int edges(double[] sorted, int n, int bins, double[] out, int at) {
    int count = 0;
    for (int j = 1; j < bins; j++) {
      long rank = ((long) j * n + bins - 1) / bins;
      double edge = sorted[(int) rank - 1];
      if (count == 0 || edge > out[at + count - 1]) {
        out[at + count++] = edge;
      }
    }
    return count;
  }

  /** The bin of a value, from 0 to {@code count}. */
  public static int bin(double[] edges, int at, int count, double v) {
    int place = Arrays.binarySearch(edges, at, at + count, v == 0 ? 0.0 : v); // -0 is 0
    return (place >= 0 ? place : -place - 1) - at;
  }

  /**
   * The cell of a value.
   *
   * @param low end of the first cell
   * @param width of a cell, above 0
   */
  public static int cell(double low, double width, int cells, double v) {
    return (int) Math.max(0, Math.min(cells - 1, Math.floor((v - low) / width)));
  }
}
