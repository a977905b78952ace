package io.millrace.core.dictionary.cp;

import io.millrace.core.compute.Elementary;

/** Sums of exponentials without overflow. */
final class SoftMax {
  private SoftMax() {}

  /** {@code ln sum e^x}; minus infinity where all of x is. */
  static double logSum(double[] x, int at, int n) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      largest = Math.max(largest, x[i]);
    }
    if (Double.isInfinite(largest)) {
      return largest;
    }
    double sum = 0;
    for (int i = at; i < at + n; i++) {
      sum += Elementary.exp(x[i] - largest);
    }
    return largest + Elementary.log(sum);
  }

  /**
   * Replaces x by {@code e^x / sum e^x}.
   *
   * @return {@code ln sum e^x}
   */
  static double normalize(double[] x, int at, int n) {
    double logSum = logSum(x, at, n);
    double sum = 0;
    for (int i = at; i < at + n; i++) {
      x[i] = Elementary.exp(x[i] - logSum);
      sum += x[i];
    }
    for (int i = at; i < at + n; i++) {
      x[i] /= sum;
    }
    return logSum;
  }
}
