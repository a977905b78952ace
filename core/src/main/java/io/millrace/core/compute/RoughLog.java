package io.millrace.core.compute;

/**
 * Logarithm and power of two with a line for the mantissa, right to 0.09: cheap, and the same bits
 * on every machine. Each is the inverse of the other.
 */
public final class RoughLog {
  private RoughLog() {}

  /**
   * About the logarithm to base 2.
   *
   * @param v finite, at least 0; below the normal numbers it counts as the least of them
   */
  public static double log2(double v) {
    double normal = Math.max(v, Double.MIN_NORMAL);
    int e = Math.getExponent(normal);
    return e + (Math.scalb(normal, -e) - 1);
  }

  /** About two to the power of {@code x}. */
  public static double exp2(double x) {
    double floor = Math.floor(x);
    return Math.scalb(1 + (x - floor), (int) floor);
  }
}
