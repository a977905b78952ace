package io.millrace.core.decision;

/**
 * Mean and variance of values in [0, 1] as they can be known before the next value, from half an
 * observation of 1/2: what a bet on the next value may depend on.
 *
 * <pre>
 * mu_0 = 1/2, v_0 = 1/4
 * S += x,  mu_t = (1/2 + S) / (t + 1),  Q += (x - mu_t)^2,  v_t = (1/4 + Q) / (t + 1)
 * </pre>
 *
 * <p>Values may lie above 1 where only their lower bound is asked for (importance weighted ones);
 * the mean is then taken for 1 at most, which changes nothing for the others.
 *
 * <p>Stateless: t, S and Q are {@link #LENGTH} doubles in the caller's block, zeros at first.
 */
final class PredictableMoments {
  static final int LENGTH = 3;

  private static final int COUNT = 0;
  private static final int SUM = 1;
  private static final int SQUARES = 2;

  private PredictableMoments() {}

  /** Adds a value. */
  static void add(double[] b, int at, double x) {
    b[at + COUNT]++;
    b[at + SUM] += x;
    double deviation = x - mean(b, at);
    b[at + SQUARES] += deviation * deviation;
  }

  /** Number of values, t. */
  static double count(double[] b, int at) {
    return b[at + COUNT];
  }

  /** Sum of the values, S. */
  static double sum(double[] b, int at) {
    return b[at + SUM];
  }

  /** mu_t, in (0, 1]. */
  static double mean(double[] b, int at) {
    return Math.min(1, (0.5 + b[at + SUM]) / (b[at + COUNT] + 1));
  }

  /** v_t, above 0. */
  static double variance(double[] b, int at) {
    return (0.25 + b[at + SQUARES]) / (b[at + COUNT] + 1);
  }

  /**
   * The predictable plug-in bet on the next value, not yet limited, sqrt(2 ln(1/a) / (t ln(1+t)
   * v_{t-1})): Waudby-Smith and Ramdas, equation (15).
   *
   * @param logInverse ln(1/a)
   */
  static double plugInBet(double[] b, int at, double logInverse) {
    double t = b[at + COUNT] + 1;
    return Math.sqrt(2 * logInverse / (t * StrictMath.log1p(t) * variance(b, at)));
  }
}
