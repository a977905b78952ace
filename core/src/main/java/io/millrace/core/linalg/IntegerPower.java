package io.millrace.core.linalg;

/**
 * Powers with whole exponents by repeated squaring: multiplications only, so the same bits on every
 * machine, and nothing is allocated ({@link StrictMath#pow} allocates until it is compiled).
 */
public final class IntegerPower {
  private IntegerPower() {}

  /**
   * base^exponent, with a relative error of about {@code exponent} roundings.
   *
   * @param exponent at least 0
   */
  public static double of(double base, long exponent) {
    double result = 1;
    double square = base;
    for (long n = exponent; n > 0; n >>= 1) {
      if ((n & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }
}
