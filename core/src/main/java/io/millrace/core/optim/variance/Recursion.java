package io.millrace.core.optim.variance;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.StepContext;

/** The recursion of SARAH: an estimate carried from one point to the next. */
final class Recursion {
  private Recursion() {}

  /** {@code v += g(theta) - g(previous)}, both of the present mini-batch. */
  static void advance(
      Objective f, double[] theta, double[] previous, double[] v, StepContext context) {
    double[] here = context.workspace().array("here", theta.length);
    double[] there = context.workspace().array("there", theta.length);
    f.gradient(theta, here);
    f.gradient(previous, there);
    for (int i = 0; i < theta.length; i++) {
      v[i] += here[i] - there[i];
    }
  }
}
