package io.millrace.core.model;

import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;

/**
 * Quantile (pinball) loss: its minimiser is the tau-quantile. Koenker, Bassett, "Regression
 * Quantiles", Econometrica 46 (1978).
 *
 * <pre>
 * l = tau (y - s) where y &gt;= s, else (1 - tau) (s - y)      l' = -tau, 1 - tau; 0 at y = s
 * </pre>
 */
final class QuantileLoss extends ScalarLoss {
  static final Hyper TAU =
      new Hyper(
          "loss-parameter", 0.5, new Range(0, true, 1, true, false), "the quantile, 0.5: median");

  static final LossSpec SPEC =
      new LossSpec(
          "quantile",
          InputSpec.Target.REAL,
          0,
          TAU,
          new Source(
              "Koenker, Bassett, Regression Quantiles, Econometrica 46 (1978)",
              Source.Confidence.DERIVED),
          (classes, tau) -> new QuantileLoss(tau));

  private final double tau;

  QuantileLoss(double tau) {
    this.tau = tau;
  }

  @Override
  public LabelUnit labelUnit() {
    return LabelUnit.SIGN;
  }

  @Override
  public double value(double s, double y) {
    return y >= s ? tau * (y - s) : (1 - tau) * (s - y);
  }

  @Override
  public double derivative(double s, double y) {
    if (y > s) {
      return -tau;
    }
    // At s = y the subdifferential is [-tau, 1 - tau]; a hit is left alone. NaN stays NaN.
    return y == s ? 0 : 1 - tau + 0 * s;
  }
}
