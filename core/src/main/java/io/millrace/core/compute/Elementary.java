package io.millrace.core.compute;

/**
 * Exponential and logarithm with the bits of {@link StrictMath}, for loops that run for every
 * event. The arithmetic is FDLIBM's (Sun Microsystems, 1993, e_exp.c and e_log.c, the definition of
 * StrictMath); what differs is that nothing branches on the digits of the argument, which no
 * processor foresees, and that the compiler sees all of it, where StrictMath's logarithm is a call
 * out of Java. Rare arguments go to StrictMath itself.
 */
public final class Elementary {
  private static final double LN2_HIGH = 0x1.62e42feep-1;
  private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
  private static final double INVERSE_LN2 = 0x1.71547652b82fep0;

  /** Above it, e^x overflows or comes near it; below its negative, results are subnormal. */
  private static final double EXP_LARGEST = 700;

  /** Below it, e^x is 1 + x. */
  private static final double EXP_LEAST = 0x1p-28;

  /** High word of ln(2) / 2, up to which the argument is not reduced. */
  private static final int HALF_LN2 = 0x3fd62e42;

  /** High word of 1.5 ln(2), below which it is reduced by one ln(2). */
  private static final int THREE_HALVES_LN2 = 0x3ff0a2b2;

  private static final int ONE = 0x3ff00000;
  private static final int MANTISSA = 0x000fffff;

  private Elementary() {}

  /** e^x: the bits of {@link StrictMath#exp}. */
  public static double exp(double x) {
    double size = Math.abs(x);
    if (!(size > EXP_LEAST && size < EXP_LARGEST)) {
      return StrictMath.exp(x);
    }
    int high = (int) (Double.doubleToRawLongBits(size) >>> 32);
    int sign = x < 0 ? -1 : 1;
    int k = (int) (INVERSE_LN2 * x + Math.copySign(0.5, x));
    k = high < THREE_HALVES_LN2 ? sign : k;
    k = high <= HALF_LN2 ? 0 : k;
    double hi = x - k * LN2_HIGH;
    double lo = k * LN2_LOW;
    double r = hi - lo;
    double t = r * r;
    double c =
        r
            - t
                * (0x1.555555555553ep-3
                    + t
                        * (-0x1.6c16c16bebd93p-9
                            + t
                                * (0x1.1566aaf25de2cp-14
                                    + t * (-0x1.bbd41c5d26bf1p-20 + t * 0x1.6376972bea4d0p-25))));
    double y = 1 - ((lo - (r * c) / (2 - c)) - hi);
    return Double.longBitsToDouble(Double.doubleToRawLongBits(y) + ((long) k << 52));
  }

  /** Natural logarithm: the bits of {@link StrictMath#log}. */
  public static double log(double x) {
    long bits = Double.doubleToRawLongBits(x);
    int high = (int) (bits >> 32);
    int digits = high & MANTISSA;
    // Zero, subnormal, negative, infinite, not a number, or next to a power of two.
    if (high < 0x00100000 || high >= 0x7ff00000 || (MANTISSA & (2 + digits)) < 3) {
      return StrictMath.log(x);
    }
    int carry = (digits + 0x95f64) & 0x100000; // the reduced argument lies around 1
    double k = (high >> 20) - 1023 + (carry >> 20);
    double f =
        Double.longBitsToDouble(((long) (digits | (carry ^ ONE)) << 32) | (bits & 0xffffffffL)) - 1;
    double s = f / (2 + f);
    double z = s * s;
    double w = z * z;
    double odd =
        z
            * (0x1.5555555555593p-1
                + w
                    * (0x1.2492494229359p-2
                        + w * (0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3)));
    double even =
        w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3));
    double rest = even + odd;
    double half = 0.5 * f * f;
    double low = k * LN2_LOW;
    double near = s * (f - rest) - low;
    double far = half - (s * (half + rest) + low);
    int inside = (digits - 0x6147a) | (0x6b851 - digits);
    long isNear = (long) (inside - 1) >> 63;
    double correction =
        Double.longBitsToDouble(
            (Double.doubleToRawLongBits(near) & isNear)
                | (Double.doubleToRawLongBits(far) & ~isNear));
    return k * LN2_HIGH - (correction - f);
  }
}
