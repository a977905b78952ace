package io.millrace.core.decision;

/**
 * Mean and sum of squared deviations of a sequence, by Welford's recurrence, mergeable (Chan, Golub
 * and LeVeque, "Algorithms for computing the sample variance", The American Statistician 37(3),
 * 1983).
 *
 * <pre>
 * add   : dev = y - mean,  mean += dev / n,  m2 += dev (y - mean)
 * merge : dm = mean' - mean,  mean += dm n' / (n + n'),  m2 += m2' + dm^2 n n' / (n + n')
 * </pre>
 *
 * <p>Stateless: the numbers are {@link #LENGTH} doubles in the caller's block, zeros at first. The
 * count is the caller's, since several sequences of one length share it.
 */
public final class RunningMoments {
  /** Doubles that the caller keeps. */
  public static final int LENGTH = 2;

  private static final int MEAN = 0;
  private static final int M2 = 1;

  private RunningMoments() {}

  /**
   * Adds a value.
   *
   * @param n how many there are, {@code y} included
   */
  public static void add(double[] b, int at, double n, double y) {
    double deviation = y - b[at + MEAN];
    b[at + MEAN] += deviation / n;
    b[at + M2] += deviation * (y - b[at + MEAN]);
  }

  /**
   * Adds the values of another sequence.
   *
   * @param n how many this has, at least 1 unless {@code m} is 0
   * @param other not modified
   * @param m how many the other has
   */
  public static void merge(double[] b, int at, double n, double[] other, int otherAt, double m) {
    if (m == 0) {
      return;
    }
    double dm = other[otherAt + MEAN] - b[at + MEAN];
    b[at + MEAN] += dm * m / (n + m);
    b[at + M2] += other[otherAt + M2] + dm * dm * n * m / (n + m);
  }

  /** Mean; 0 of no values. */
  public static double mean(double[] b, int at) {
    return b[at + MEAN];
  }

  /** Sum of squared deviations from the mean. */
  public static double sumOfSquares(double[] b, int at) {
    return b[at + M2];
  }

  /** Unbiased variance of {@code n} values; NaN of fewer than two. */
  public static double variance(double[] b, int at, double n) {
    return n < 2 ? Double.NaN : b[at + M2] / (n - 1);
  }

  /** Standard error of the mean of {@code n} values; NaN of fewer than two. */
  public static double standardError(double[] b, int at, double n) {
    return Math.sqrt(variance(b, at, n) / n);
  }
}
