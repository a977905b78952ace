package io.millrace.core.drift.feature;

import io.millrace.core.compute.Elementary;
import io.millrace.core.special.ChiSquare;

/**
 * The population stability index: how far the shares of bins are from those of a reference.
 *
 * <pre>
 * PSI = sum (p - q) ln(p / q)       shares floored at {@link #FLOOR}, not made to add up again
 * without a drift n m / (n + m) PSI is about chi-square of bins - 1 degrees of freedom
 * </pre>
 *
 * <p>The habit of calling 0.1 and 0.2 a drift knows nothing of the number of values: of two samples
 * of 100 values from one law, 39 in 100 are above 0.2. So the alarm is by chi-square, and the index
 * is shown beside it.
 */
public final class Psi {
  /** Least share of a bin. */
  public static final double FLOOR = 1e-4;

  private Psi() {}

  /**
   * The index.
   *
   * @param reference counts from {@code referenceAt} on, not modified
   * @param n their sum, above 0
   * @param current counts from {@code currentAt} on, not modified
   * @param m their sum, above 0
   * @param floor least share, above 0
   */
  public static double of(
      double[] reference,
      int referenceAt,
      double n,
      double[] current,
      int currentAt,
      double m,
      int bins,
      double floor) {
    double sum = 0;
    for (int i = 0; i < bins; i++) {
      double p = Math.max(floor, reference[referenceAt + i] / n);
      double q = Math.max(floor, current[currentAt + i] / m);
      sum += (p - q) * Elementary.log(p / q);
    }
    return sum;
  }

  /** What is about chi-square where nothing has changed. */
  public static double statistic(double psi, double n, double m) {
    return n * m / (n + m) * psi;
  }

  /**
   * What {@link #statistic} exceeds with a small probability where nothing has changed.
   *
   * @param bins at least 2
   * @param level the probability, in (0, 1)
   */
  public static double limit(int bins, double level) {
    return ChiSquare.quantile(bins - 1, level);
  }
}
