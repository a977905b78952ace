package io.millrace.core.decision;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;

/**
 * Half widths of bounds on a mean that hold at every time from the first look on, for values
 * without a known range: the asymptotic confidence sequence. Waudby-Smith, Arbour, Sinha, Kennedy,
 * Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences",
 * arXiv:2103.06476, theorem 2.2, proposition 2.5 and section 3.2.
 *
 * <pre>
 * rho^2 = y / tOpt,  y - ln(1+y) = -2 ln alpha        (one-sided: with 2 alpha)
 * two-sided : s sqrt(2 (t rho^2 + 1) / (t^2 rho^2) ln(sqrt(t rho^2 + 1) / alpha))
 * one-sided : ln(1 + sqrt(t rho^2 + 1) / (2 alpha)) in place of the logarithm
 * Lyapunov  : sqrt(2 (t s^2 rho^2 + 1) / (t^2 rho^2) ln(sqrt(t s^2 rho^2 + 1) / alpha))
 * </pre>
 *
 * <p>tOpt is the time at which the bounds are narrowest. Before the first look nothing is claimed:
 * the guarantee is one of large samples, and rates below a tenth need 1,000 values where others
 * need 100. A constant stream has s = 0 and bounds without width: such a key must use {@link
 * EmpiricalBernstein}.
 *
 * <p>Deviations from the paper: none known; the one-sided constant is recalled, and slightly wider
 * than what a half-normal mixture gives. Immutable and without state: a caller keeps {@link
 * RunningMoments}.
 */
public final class AsymptoticBounds {
  public static final Hyper BEST_AT =
      new Hyper(
          "best-at",
          1000,
          Range.integers(1, 1e12),
          "number of values at which asymptotic bounds are narrowest");

  public static final Hyper FIRST_LOOK =
      new Hyper(
          "first-look",
          100,
          Range.integers(2, 1e12),
          "number of values before which asymptotic bounds claim nothing; 1,000 for rates below a"
              + " tenth");

  private final double alpha;
  private final double firstLook;
  private final double rho2;
  private final double oneSidedRho2;

  /**
   * @param alpha in (0, 1/2)
   * @param bestAt number of values at which the bounds are narrowest, at least 1
   * @param firstLook number of values before which nothing is claimed, at least 2
   */
  public AsymptoticBounds(double alpha, double bestAt, double firstLook) {
    this.alpha = alpha;
    this.firstLook = firstLook;
    this.rho2 = rho2(alpha, bestAt);
    this.oneSidedRho2 = oneSidedRho2(alpha, bestAt);
  }

  /** As {@link #BEST_AT} and {@link #FIRST_LOOK} have it. */
  public static AsymptoticBounds at(double alpha) {
    return new AsymptoticBounds(alpha, BEST_AT.def(), FIRST_LOOK.def());
  }

  /** rho^2 of the two-sided bounds. */
  public double rho2() {
    return rho2;
  }

  /** rho^2 of the one-sided bound. */
  public double oneSidedRho2() {
    return oneSidedRho2;
  }

  static double oneSidedRho2(double alpha, double bestAt) {
    return rho2(2 * alpha, bestAt);
  }

  /** Newton's method; the function is convex, so all iterates but the first lie above the root. */
  private static double rho2(double alpha, double bestAt) {
    double target = -2 * StrictMath.log(alpha);
    double y = target + StrictMath.log1p(target);
    for (int i = 0; i < 100; i++) {
      double step = (y - StrictMath.log1p(y) - target) * (1 + y) / y;
      y -= step;
      if (Math.abs(step) <= 1e-15 * y) {
        break;
      }
    }
    return y / bestAt;
  }

  /**
   * Half width of the two-sided bounds around the mean of {@code n} values.
   *
   * @param variance of the values, at least 0
   * @return infinite before the first look
   */
  public double radius(double n, double variance) {
    return n < firstLook
        ? Double.POSITIVE_INFINITY
        : Math.sqrt(variance) * width(n * rho2, n, logarithm(n * rho2));
  }

  /**
   * How far the bound of one side lies from the mean of {@code n} values.
   *
   * @return infinite before the first look
   */
  public double oneSidedRadius(double n, double variance) {
    return n < firstLook
        ? Double.POSITIVE_INFINITY
        : oneSidedRadius(n, variance, oneSidedRho2, alpha);
  }

  /** The same at a level and rho^2 that the caller knows. */
  static double oneSidedRadius(double n, double variance, double rho2, double alpha) {
    double root = Math.sqrt(n * rho2 + 1);
    return Math.sqrt(variance) * width(n * rho2, n, StrictMath.log1p(root / (2 * alpha)));
  }

  /**
   * Half width of the bounds on the running average of conditional means that may move.
   *
   * @return infinite before the first look
   */
  public double lyapunovRadius(double n, double variance) {
    if (n < firstLook) {
      return Double.POSITIVE_INFINITY;
    }
    double scaled = n * variance * rho2;
    return Math.sqrt(2 * (scaled + 1) / (n * n * rho2) * logarithm(scaled));
  }

  private double logarithm(double scaled) {
    return StrictMath.log(Math.sqrt(scaled + 1) / alpha);
  }

  private static double width(double scaled, double n, double logarithm) {
    return Math.sqrt(2 * (scaled + 1) / (n * scaled) * logarithm);
  }
}
