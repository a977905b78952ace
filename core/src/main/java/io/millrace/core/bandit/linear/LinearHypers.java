package io.millrace.core.bandit.linear;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;

/** Hyperparameters of the linear policies. */
final class LinearHypers {
  static final Hyper RIDGE =
      Hyper.structural("ridge", 1, Range.positive(), "A at the start is this times I");

  static final Hyper ALPHA =
      new Hyper("alpha", 1, Range.nonNegative(), "width of the confidence bounds");

  static final Hyper NOISE =
      new Hyper("noise", 0.3, Range.nonNegative(), "v, deviation of the samples over sqrt(A^-1)");

  private LinearHypers() {}
}
