package io.millrace.core.compute;

/**
 * Vector kernels over slices of primitive arrays. Sums use eight or four partial sums in a fixed
 * order, so results repeat bit for bit; a single running sum would wait four cycles for each
 * element. Where signs are as good as random, the loops work on the bits of the sign instead of
 * branching: a mispredicted branch costs as much as twenty elements.
 */
public final class Vectors {
  /** Squares of larger numbers overflow. */
  private static final double LARGEST_WITH_SQUARE = 0x1p511;

  private Vectors() {}

  /** Sum of {@code a[aFrom + i] * b[bFrom + i]} for {@code i < n}. */
  public static double dot(double[] a, int aFrom, double[] b, int bFrom, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = 0;
    for (; i + 7 < n; i += 8) {
      int p = aFrom + i;
      int q = bFrom + i;
      s0 += a[p] * b[q];
      s1 += a[p + 1] * b[q + 1];
      s2 += a[p + 2] * b[q + 2];
      s3 += a[p + 3] * b[q + 3];
      s4 += a[p + 4] * b[q + 4];
      s5 += a[p + 5] * b[q + 5];
      s6 += a[p + 6] * b[q + 6];
      s7 += a[p + 7] * b[q + 7];
    }
    for (; i < n; i++) {
      s0 += a[aFrom + i] * b[bFrom + i];
    }
    return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7));
  }

  /**
   * Sum of {@code a[index[i]] * b[i]} for {@code from <= i < to}; the same bits as {@link #dot} of
   * the gathered elements.
   */
  public static double dotAt(double[] a, int[] index, double[] b, int from, int to) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = from;
    for (; i + 7 < to; i += 8) {
      s0 += a[index[i]] * b[i];
      s1 += a[index[i + 1]] * b[i + 1];
      s2 += a[index[i + 2]] * b[i + 2];
      s3 += a[index[i + 3]] * b[i + 3];
      s4 += a[index[i + 4]] * b[i + 4];
      s5 += a[index[i + 5]] * b[i + 5];
      s6 += a[index[i + 6]] * b[i + 6];
      s7 += a[index[i + 7]] * b[i + 7];
    }
    for (; i < to; i++) {
      s0 += a[index[i]] * b[i];
    }
    return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7));
  }

  /**
   * Root of a sum of squares. Where the sum has overflowed, or is so small that digits are lost, it
   * is found anew from elements in parts of the largest.
   *
   * @param square of the elements {@code a[from + i * stride]}, {@code i < n}, as the caller has
   *     added it up
   * @return infinite or NaN only where an element is
   */
  public static double root(double square, double[] a, int from, int n, int stride) {
    if (square > 1e-280 && square < Double.POSITIVE_INFINITY) {
      return Math.sqrt(square);
    }
    double largest = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, Math.abs(a[from + i * stride]));
    }
    if (largest == 0 || !(largest < Double.POSITIVE_INFINITY)) {
      return largest;
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double part = a[from + i * stride] / largest;
      sum += part * part;
    }
    return largest * Math.sqrt(sum);
  }

  /**
   * {@code y += sum_j alpha f_j row_j}, added in the order of j.
   *
   * <p>Rows are arrays of their own because the just-in-time compiler turns a loop into vector
   * instructions only where all its arrays are read at the same index.
   *
   * @param count number of rows
   * @param n elements of a row and of y; the arrays may be longer
   * @param f factors, from {@code fFrom} in steps of {@code fStride}
   * @param y none of the rows
   */
  public static void addRows(
      int count,
      int n,
      double alpha,
      double[] f,
      int fFrom,
      int fStride,
      double[][] rows,
      double[] y) {
    int j = 0;
    for (; j + 3 < count; j += 4) {
      int at = fFrom + j * fStride;
      addFour(
          n,
          alpha * f[at],
          rows[j],
          alpha * f[at + fStride],
          rows[j + 1],
          alpha * f[at + 2 * fStride],
          rows[j + 2],
          alpha * f[at + 3 * fStride],
          rows[j + 3],
          y);
    }
    for (; j < count; j++) {
      add(n, alpha * f[fFrom + j * fStride], rows[j], y);
    }
  }

  private static void addFour(
      int n,
      double f0,
      double[] x0,
      double f1,
      double[] x1,
      double f2,
      double[] x2,
      double f3,
      double[] x3,
      double[] y) {
    for (int i = 0; i < n; i++) {
      y[i] = y[i] + f0 * x0[i] + f1 * x1[i] + f2 * x2[i] + f3 * x3[i];
    }
  }

  /**
   * {@code y += f x}. Both arrays are read from their first element, for the reason that {@link
   * #addRows} gives.
   */
  public static void add(int n, double f, double[] x, double[] y) {
    for (int i = 0; i < n; i++) {
      y[i] += f * x[i];
    }
  }

  /**
   * Euclidean norm of {@code n} elements from {@code from}, without overflow where the norm itself
   * has none. Summed in order.
   */
  public static double norm(double[] a, int from, int n) {
    double squares = 0;
    for (int i = from; i < from + n; i++) {
      squares += a[i] * a[i];
    }
    if (squares > Double.MIN_NORMAL / 0x1p-53 && squares < Double.POSITIVE_INFINITY) {
      return Math.sqrt(squares);
    }
    double largest = 0;
    for (int i = from; i < from + n; i++) {
      largest = Math.max(largest, Math.abs(a[i]));
    }
    if (largest == 0 || Double.isInfinite(largest) || Double.isNaN(largest)) {
      return largest;
    }
    // The squares left the range of doubles: a power of two as unit keeps every digit.
    int unit = Math.getExponent(largest);
    double sum = 0;
    for (int i = from; i < from + n; i++) {
      double x = Math.scalb(a[i], -unit);
      sum += x * x;
    }
    return Math.scalb(Math.sqrt(sum), unit);
  }

  /** Whether the first {@code n} elements are all finite. */
  public static boolean allFinite(double[] a, int n) {
    // Zero times a finite number is a zero, times anything else NaN, which no sum loses again.
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = 0;
    for (; i + 7 < n; i += 8) {
      s0 += a[i] * 0;
      s1 += a[i + 1] * 0;
      s2 += a[i + 2] * 0;
      s3 += a[i + 3] * 0;
      s4 += a[i + 4] * 0;
      s5 += a[i + 5] * 0;
      s6 += a[i + 6] * 0;
      s7 += a[i + 7] * 0;
    }
    for (; i < n; i++) {
      s0 += a[i] * 0;
    }
    return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7)) == 0;
  }

  /**
   * Whether the first {@code n} elements are at most {@code largest} in size; not so where one is
   * not a number.
   *
   * @param largest at least 1
   */
  public static boolean allWithin(double[] a, int n, double largest) {
    // No value is larger in size than the root of the sum of all squares, which is quick to have.
    double bound = Math.min(largest, LARGEST_WITH_SQUARE);
    if (squares(a, n) < bound * bound) {
      return true;
    }
    for (int i = 0; i < n; i++) {
      if (!(Math.abs(a[i]) <= largest)) {
        return false;
      }
    }
    return true;
  }

  private static double squares(double[] a, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int i = 0;
    for (; i + 7 < n; i += 8) {
      s0 += a[i] * a[i];
      s1 += a[i + 1] * a[i + 1];
      s2 += a[i + 2] * a[i + 2];
      s3 += a[i + 3] * a[i + 3];
      s4 += a[i + 4] * a[i + 4];
      s5 += a[i + 5] * a[i + 5];
      s6 += a[i + 6] * a[i + 6];
      s7 += a[i + 7] * a[i + 7];
    }
    for (; i < n; i++) {
      s0 += a[i] * a[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  /**
   * Negative where a value is larger than a bound in size, or not a number. Bits of doubles without
   * sign are in the order of the doubles, NaN last: no branch, and nothing waits for a comparison.
   *
   * @param most raw bits of the bound, at least 0
   */
  public static long beyond(double v, long most) {
    return most - (Double.doubleToRawLongBits(v) & Long.MAX_VALUE);
  }

  /** Whether {@code (scale * a[i])^2} is finite for {@code from <= i < to}. */
  public static boolean squaresFinite(double[] a, int from, int to, double scale) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      double t0 = a[i] * scale;
      double t1 = a[i + 1] * scale;
      double t2 = a[i + 2] * scale;
      double t3 = a[i + 3] * scale;
      s0 += t0 * t0 * 0;
      s1 += t1 * t1 * 0;
      s2 += t2 * t2 * 0;
      s3 += t3 * t3 * 0;
    }
    for (; i < to; i++) {
      double t = a[i] * scale;
      s0 += t * t * 0;
    }
    return (s0 + s1) + (s2 + s3) == 0;
  }

  /** Largest Euclidean distance between rows of the same index of two matrices. */
  public static double largestRowDistance(double[] a, double[] b, int rows, int cols) {
    double largest = 0;
    for (int j = 0; j < rows; j++) {
      double squares = 0;
      for (int i = j * cols; i < (j + 1) * cols; i++) {
        double difference = a[i] - b[i];
        squares += difference * difference;
      }
      largest = Math.max(largest, squares);
    }
    return Math.sqrt(largest);
  }

  /** {@code a} where the sign of {@code x} is positive, {@code b} where it is negative. */
  public static double bySign(double x, double a, double b) {
    long negative = Double.doubleToRawLongBits(x) >> 63;
    return Double.longBitsToDouble(
        Double.doubleToRawLongBits(a) & ~negative | Double.doubleToRawLongBits(b) & negative);
  }

  /** {@code x} where the sign of {@code by} is positive, {@code -x} where it is negative. */
  public static double flipped(double x, double by) {
    return Double.longBitsToDouble(
        Double.doubleToRawLongBits(x) ^ Double.doubleToRawLongBits(by) & Long.MIN_VALUE);
  }

  /**
   * -1, 0 or 1: the sign of a finite number; 0 for both zeros; NaN where {@code x} is not finite.
   * There is no branch in it: the signs of gradients would be mispredicted half of the time.
   */
  public static double sign(double x) {
    return x / Math.max(Math.abs(x), Double.MIN_VALUE);
  }

  /**
   * Keeps the entries of largest size and sets all others to 0. Of entries of equal size the first
   * are kept. Passes over the vector once for every entry kept.
   *
   * @param a [n] from {@code at}, without NaN
   * @param most entries to keep, at least 1
   */
  public static void keepLargest(double[] a, int at, int n, int most) {
    double bound = Double.POSITIVE_INFINITY;
    int last = -1;
    for (int k = 0; k < most; k++) {
      // The largest that comes after (bound, last) in descending order of size.
      double best = 0;
      int found = -1;
      for (int j = 0; j < n; j++) {
        double size = Math.abs(a[at + j]);
        if (size > best && (size < bound || size == bound && j > last)) {
          best = size;
          found = j;
        }
      }
      if (found < 0) {
        return;
      }
      bound = best;
      last = found;
    }
    for (int j = 0; j < n; j++) {
      double size = Math.abs(a[at + j]);
      if (size < bound || size == bound && j > last) {
        a[at + j] = 0;
      }
    }
  }
}
