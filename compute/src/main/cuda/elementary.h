// Exponential, logarithm, sine and cosine with the bits of Java's StrictMath: FDLIBM 5.3 (Sun Microsystems, 1993; e_exp.c, e_log.c, k_sin.c,
// k_cos.c, e_rem_pio2.c), which defines it. Compiled without contraction of products and sums.
#pragma once
#include "millrace.h"

__device__ inline int high_word(double x) { return (int)(__double_as_longlong(x) >> 32); }
__device__ inline double with_high_word(double x, int high) {
  return __longlong_as_double(((unsigned long long)high << 32) | (__double_as_longlong(x) & 0xffffffffLL));
}

__device__ inline double strict_exp(double x) {
  const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
  int high = high_word(x);
  int negative_sign = (high >> 31) & 1;
  high &= 0x7fffffff;
  if (high >= 0x40862E42) {
    if (x != x) {
      return x;
    }
    if (x > 7.09782712893383973096e+02) {
      return __longlong_as_double(0x7ff0000000000000LL);
    }
    if (x < -7.45133219101941108420e+02) {
      return 0;
    }
  }
  int k = 0;
  double hi = x, lo = 0;
  if (high > 0x3fd62e42) {
    if (high < 0x3FF0A2B2) {
      hi = negative_sign ? x + ln2_high : x - ln2_high;
      lo = negative_sign ? -ln2_low : ln2_low;
      k = 1 - negative_sign - negative_sign;
    } else {
      k = (int)(1.44269504088896338700e+00 * x + (negative_sign ? -0.5 : 0.5));
      hi = x - k * ln2_high;
      lo = k * ln2_low;
    }
    x = hi - lo;
  } else if (high < 0x3e300000) {
    return 1 + x;
  }
  double t = x * x;
  double c = x - t * (1.66666666666666019037e-01 + t * (-2.77777777770155933842e-03 + t * (6.61375632143793436117e-05 + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
  if (k == 0) {
    return 1 - ((x * c) / (c - 2.0) - x);
  }
  double y = 1 - ((lo - (x * c) / (2.0 - c)) - hi);
  if (k >= -1021) {
    return __longlong_as_double(__double_as_longlong(y) + ((unsigned long long)k << 52));
  }
  return __longlong_as_double(__double_as_longlong(y) + ((unsigned long long)(k + 1000) << 52)) * 9.33263618503218878990e-302;
}

__device__ inline double strict_log(double x) {
  const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
  int high = high_word(x);
  int k = 0;
  if (high < 0x00100000) {
    if ((__double_as_longlong(x) & 0x7fffffffffffffffLL) == 0) {
      return __longlong_as_double(0xfff0000000000000ULL);
    }
    if (high < 0) {
      return __longlong_as_double(0x7ff8000000000000LL);
    }
    k = -54;
    x *= 1.80143985094819840000e+16;
    high = high_word(x);
  }
  if (high >= 0x7ff00000) {
    return x + x;
  }
  k += (high >> 20) - 1023;
  high &= 0x000fffff;
  int i = (high + 0x95f64) & 0x100000;
  x = with_high_word(x, high | (i ^ 0x3ff00000));
  k += i >> 20;
  double f = x - 1.0;
  double dk = k;
  if ((0x000fffff & (2 + high)) < 3) {
    if (f == 0) {
      return k == 0 ? 0 : dk * ln2_high + dk * ln2_low;
    }
    double r = f * f * (0.5 - 0.33333333333333333 * f);
    return k == 0 ? f - r : dk * ln2_high - ((r - dk * ln2_low) - f);
  }
  double s = f / (2.0 + f);
  double z = s * s;
  double w = z * z;
  double t1 = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  double t2 = z * (6.666666666666735130e-01 + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  double r = t2 + t1;
  if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
    double half = 0.5 * f * f;
    return k == 0 ? f - (half - s * (half + r)) : dk * ln2_high - ((half - (s * (half + r) + dk * ln2_low)) - f);
  }
  return k == 0 ? f - s * (f - r) : dk * ln2_high - ((s * (f - r) - dk * ln2_low) - f);
}

// Sine and cosine of x + y for |x| at most pi/4, y its tail.
__device__ inline double kernel_sin(double x, double y, bool tail) {
  if ((high_word(x) & 0x7fffffff) < 0x3e400000 && (int)x == 0) {
    return x;
  }
  double z = x * x;
  double v = z * x;
  double r = 8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 + z * (2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)));
  return tail ? x - ((z * (0.5 * y - v * r) - y) - v * -1.66666666666666324348e-01) : x + v * (-1.66666666666666324348e-01 + z * r);
}

__device__ inline double kernel_cos(double x, double y) {
  int high = high_word(x) & 0x7fffffff;
  if (high < 0x3e400000 && (int)x == 0) {
    return 1;
  }
  double z = x * x;
  double r = z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * (2.48015872894767294178e-05 + z * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11)))));
  if (high < 0x3FD33333) {
    return 1 - (0.5 * z - (z * r - x * y));
  }
  double q = high > 0x3fe90000 ? 0.28125 : __longlong_as_double((unsigned long long)(high - 0x00200000) << 32);
  double hz = 0.5 * z - q;
  double a = 1 - q;
  return a - (hz - (z * r - x * y));
}

// Sine and cosine of an angle from 0 to 2 pi.
__device__ inline void strict_sincos(double x, double* sine, double* cosine) {
  int high = high_word(x);
  if (high <= 0x3fe921fb) {
    *sine = kernel_sin(x, 0, false);
    *cosine = kernel_cos(x, 0);
    return;
  }
  const double pio2_1 = 1.57079632673412561417e+00, pio2_1t = 6.07710050650619224932e-11;
  const double pio2_2 = 6.07710050630396597660e-11, pio2_2t = 2.02226624879595063154e-21;
  const double pio2_3 = 2.02226624871116645580e-21, pio2_3t = 8.47842766036889956997e-32;
  int n;
  double y0, y1;
  if (high < 0x4002d97c) { // below 3 pi / 4
    n = 1;
    double z = x - pio2_1;
    if (high != 0x3ff921fb) {
      y0 = z - pio2_1t;
      y1 = (z - y0) - pio2_1t;
    } else { // near pi / 2: 33 + 33 + 53 bits of it
      z -= pio2_2;
      y0 = z - pio2_2t;
      y1 = (z - y0) - pio2_2t;
    }
  } else {
    n = (int)(x * 6.36619772367581382433e-01 + 0.5);
    double fn = n;
    double r = x - fn * pio2_1;
    double w = fn * pio2_1t;
    // High words of n pi / 2, near which more bits are needed.
    int near = n == 1 ? 0x3FF921FB : n == 2 ? 0x400921FB : n == 3 ? 0x4012D97C : 0x401921FB;
    y0 = r - w;
    if (high == near) {
      int j = high >> 20;
      if (j - ((high_word(y0) >> 20) & 0x7ff) > 16) {
        double t = r;
        w = fn * pio2_2;
        r = t - w;
        w = fn * pio2_2t - ((t - r) - w);
        y0 = r - w;
        if (j - ((high_word(y0) >> 20) & 0x7ff) > 49) {
          t = r;
          w = fn * pio2_3;
          r = t - w;
          w = fn * pio2_3t - ((t - r) - w);
          y0 = r - w;
        }
      }
    }
    y1 = (r - y0) - w;
  }
  double s = kernel_sin(y0, y1, true);
  double c = kernel_cos(y0, y1);
  n &= 3;
  *sine = n == 0 ? s : n == 1 ? c : n == 2 ? -s : -c;
  *cosine = n == 0 ? c : n == 1 ? -s : n == 2 ? -c : s;
}
