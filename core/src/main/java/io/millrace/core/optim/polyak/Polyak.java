package io.millrace.core.optim.polyak;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;

/** What the methods with a Polyak step share. */
final class Polyak {
  static final Hyper LOWER_BOUND =
      new Hyper(
          "lower-bound",
          0,
          new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true, false),
          "f*, what a mini-batch's loss cannot fall below");
  static final Hyper C = new Hyper("c", 1, Range.positive(), "divides the Polyak step");

  private Polyak() {}

  /**
   * min(cap, gap / scale). A gap below 0 says that the bound is none: it counts as 0, else the step
   * would climb.
   *
   * @param gap loss minus bound
   * @param scale above 0
   * @return NaN where scale has overflowed
   */
  static double step(double gap, double scale, double cap) {
    if (scale == Double.POSITIVE_INFINITY) {
      return Double.NaN;
    }
    return Math.min(cap, Math.max(gap, 0) / scale);
  }

  static double square(double[] x) {
    double sum = 0;
    for (double xi : x) {
      sum += xi * xi;
    }
    return sum;
  }
}
