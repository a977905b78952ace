package io.millrace.cli.systems;

import io.millrace.core.rng.Draws;

/**
 * How the shift of the diagonal is distributed: {@code -0.15 + 0.6 B}, with B from a beta
 * distribution. Khodak, Chow, Balcan, Talwalkar, "Learning to Relax: Setting Solver Parameters
 * Across a Sequence of Linear System Instances", arXiv:2310.02246, section 4.
 */
public enum Shifts {
  /** Beta(1/2, 3/2). */
  HIGH_VARIANCE("high-variance", 1, 3),
  /** Beta(2, 6). */
  LOW_VARIANCE("low-variance", 4, 12);

  static final double LOW = -0.15;
  static final double HIGH = 0.45;

  private final String id;
  private final int first;
  private final int second;

  /** Twice the parameters of the beta distribution: degrees of freedom of two sums of squares. */
  Shifts(String id, int first, int second) {
    this.id = id;
    this.first = first;
    this.second = second;
  }

  /** Name in reports. */
  public String id() {
    return id;
  }

  /** Mean of the shift. */
  double mean() {
    return LOW + (HIGH - LOW) * first / (first + second);
  }

  /** A shift: a sum of squared normals as a share of itself and another such sum. */
  double draw(Draws draws) {
    double a = squares(draws, 0, first);
    double b = squares(draws, first, second);
    return LOW + (HIGH - LOW) * (a / (a + b));
  }

  private static double squares(Draws draws, int from, int count) {
    double sum = 0;
    for (int i = from; i < from + count; i++) {
      double z = draws.normal(i);
      sum += z * z;
    }
    return sum;
  }
}
