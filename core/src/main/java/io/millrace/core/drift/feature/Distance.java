package io.millrace.core.drift.feature;

/**
 * Distances between the law of a feature and that of its reference: the largest difference of the
 * distribution functions (Kolmogorov and Smirnov), and the area between them (Wasserstein-1). Exact
 * ones of sorted values, and those of counts, which can be kept of any number of values.
 */
public final class Distance {
  private Distance() {}

  /**
   * Largest difference of the distribution functions.
   *
   * @param a sorted, not modified
   * @param b sorted, not modified
   */
  public static double kolmogorov(double[] a, double[] b) {
    double largest = 0;
    int i = 0;
    int j = 0;
    while (i < a.length && j < b.length) {
      double v = Math.min(a[i], b[j]);
      i = past(a, i, v);
      j = past(b, j, v);
      largest = Math.max(largest, Math.abs(i / (double) a.length - j / (double) b.length));
    }
    return largest;
  }

  /**
   * Area between the distribution functions, in the unit of the values.
   *
   * @param a sorted, not modified
   * @param b sorted, not modified
   */
  public static double wasserstein(double[] a, double[] b) {
    double area = 0;
    int i = 0;
    int j = 0;
    double before = Math.min(a[0], b[0]);
    while (i < a.length || j < b.length) {
      double v = j == b.length || i < a.length && a[i] <= b[j] ? a[i] : b[j];
      area += (v - before) * Math.abs(i / (double) a.length - j / (double) b.length);
      before = v;
      i = past(a, i, v);
      j = past(b, j, v);
    }
    return area;
  }

  private static int past(double[] sorted, int from, double v) {
    int i = from;
    while (i < sorted.length && sorted[i] == v) {
      i++;
    }
    return i;
  }

  /**
   * Largest difference of the distribution functions at the edges of bins: never above the exact
   * one.
   *
   * @param n sum of the counts of {@code a}
   * @param m sum of the counts of {@code b}
   */
  public static double kolmogorov(
      double[] a, int aAt, double n, double[] b, int bAt, double m, int bins) {
    double largest = 0;
    double sumA = 0;
    double sumB = 0;
    for (int k = 0; k < bins; k++) {
      sumA += a[aAt + k];
      sumB += b[bAt + k];
      largest = Math.max(largest, Math.abs(sumA / n - sumB / m));
    }
    return largest;
  }

  /**
   * Area between the distribution functions of cells of one width; off by one width at most, of
   * values inside of the cells.
   *
   * @param n sum of the counts of {@code a}
   * @param m sum of the counts of {@code b}
   */
  public static double wasserstein(
      double[] a, int aAt, double n, double[] b, int bAt, double m, int cells, double width) {
    double sum = 0;
    double sumA = 0;
    double sumB = 0;
    for (int k = 0; k < cells; k++) {
      sumA += a[aAt + k];
      sumB += b[bAt + k];
      sum += Math.abs(sumA / n - sumB / m);
    }
    return width * sum;
  }
}
