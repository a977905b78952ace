package io.millrace.core.drift;

/**
 * The test of Kolmogorov and Smirnov for two samples of n values each, exact. Gnedenko, Korolyuk,
 * "On the maximum discrepancy between two empirical distributions", Doklady 80, 1951.
 *
 * <pre>
 * p(h) = P(n D &gt;= h) = 2 sum_{j &gt;= 1} (-1)^(j-1) C(2n, n - j h) / C(2n, n)       p(0) = 1
 * </pre>
 */
public final class KolmogorovSmirnov {
  private KolmogorovSmirnov() {}

  /**
   * Probability that two samples of one law are so far apart, or farther.
   *
   * @param n values in each, at least 1
   * @param h n times the largest difference of the two distribution functions, 0 to n
   */
  public static double probability(int n, int h) {
    if (h == 0) {
      return 1;
    }
    double sum = 0;
    double sign = 1;
    for (int places = h; places <= n; places += h) {
      // C(2n, n - m) / C(2n, n) is the product of (n - m + i) / (n + i) for i = 1 .. m.
      double ratio = 1;
      for (int i = 1; i <= places; i++) {
        ratio *= (n - places + i) / (double) (n + i);
      }
      sum += sign * ratio;
      sign = -sign;
    }
    return Math.min(1, 2 * sum);
  }

  /**
   * The smallest h whose probability is at most alpha; n + 1: there is none.
   *
   * @param alpha in (0, 1)
   */
  public static int critical(int n, double alpha) {
    int h = 1;
    while (h <= n && probability(n, h) > alpha) {
      h++;
    }
    return h;
  }

  /**
   * n times the largest difference of the distribution functions of two samples of n values.
   *
   * @param a sorted, not modified
   * @param b sorted, not modified
   */
  static int statistic(double[] a, double[] b, int n) {
    int largest = 0;
    int i = 0;
    int j = 0;
    while (i < n && j < n) {
      double v = Math.min(a[i], b[j]);
      while (i < n && a[i] == v) {
        i++;
      }
      while (j < n && b[j] == v) {
        j++;
      }
      largest = Math.max(largest, Math.abs(i - j));
    }
    return largest;
  }
}
