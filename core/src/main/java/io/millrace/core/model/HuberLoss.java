package io.millrace.core.model;

import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;

/**
 * Huber loss: squared near the target, linear beyond delta. Huber, "Robust Estimation of a Location
 * Parameter", Annals of Mathematical Statistics 35 (1964).
 *
 * <pre>
 * e = s - y      l = e^2 / 2 where |e| &lt;= delta, else delta (|e| - delta / 2)
 * </pre>
 */
final class HuberLoss extends ScalarLoss {
  static final Hyper DELTA =
      new Hyper("loss-parameter", 1, Range.positive(), "error from which the loss is linear");

  static final LossSpec SPEC =
      new LossSpec(
          "huber",
          InputSpec.Target.REAL,
          0,
          DELTA,
          new Source(
              "Huber, Robust Estimation of a Location Parameter, Ann. Math. Statist. 35 (1964)",
              Source.Confidence.DERIVED),
          (classes, delta) -> new HuberLoss(delta));

  private final double delta;

  HuberLoss(double delta) {
    this.delta = delta;
  }

  @Override
  public double value(double s, double y) {
    double e = Math.abs(s - y);
    return e <= delta ? 0.5 * e * e : delta * (e - 0.5 * delta);
  }

  @Override
  public LabelUnit labelUnit() {
    return LabelUnit.ERROR;
  }

  @Override
  public double derivative(double s, double y) {
    return Math.max(-delta, Math.min(delta, s - y));
  }
}
