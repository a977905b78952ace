package io.millrace.core.decision;

/**
 * The test that a mean is larger than m by betting against its being at most m: no grid, no range
 * of alternatives. Waudby-Smith, Ramdas, arXiv:2010.09686, section 4; the bet is a predictable
 * approximation of Kelly's.
 *
 * <pre>
 * g = mu_{t-1} - m,  lam = clamp(g / (v_{t-1} + g^2), 0, 1 / (2m)),  ln E += ln(1 + lam (x - m))
 * </pre>
 *
 * <p>E is a supermartingale under every law of values in [0, 1] whose conditional means are at most
 * m, so P(E ever reaches 1/a) is at most a (Ville's inequality).
 */
final class Betting {
  private Betting() {}

  /**
   * What one value adds to ln E.
   *
   * @param x the value, in [0, 1]
   * @param mean mu of the values before it
   * @param variance v of the values before it
   * @param m largest mean of the hypothesis, in (0, 1)
   */
  static double logFactor(double x, double mean, double variance, double m) {
    double g = mean - m;
    double bet = Math.max(0, Math.min(g / (variance + g * g), 0.5 / m));
    return StrictMath.log1p(bet * (x - m));
  }
}
