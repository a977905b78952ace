package io.millrace.core.model;

import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Source;

/** Half the squared error, {@code (s - y)^2 / 2}: its derivative is the error. Gauss, 1809. */
final class SquaredLoss extends ScalarLoss {
  static final LossSpec SPEC =
      new LossSpec(
          "squared",
          InputSpec.Target.REAL,
          0,
          null,
          new Source("by definition", Source.Confidence.DERIVED),
          (classes, parameter) -> new SquaredLoss());

  @Override
  public double value(double s, double y) {
    return 0.5 * (s - y) * (s - y);
  }

  @Override
  public LabelUnit labelUnit() {
    return LabelUnit.ERROR;
  }

  @Override
  public double derivative(double s, double y) {
    return s - y;
  }

  @Override
  public boolean steep() {
    return true;
  }

  @Override
  public boolean curved() {
    return true;
  }

  @Override
  public double curvature(double s, double y) {
    return 1;
  }
}
