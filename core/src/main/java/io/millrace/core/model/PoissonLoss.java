package io.millrace.core.model;

import io.millrace.core.compute.Elementary;
import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Source;

/**
 * Poisson loss with log link: half the deviance of a count whose mean is {@code e^s}, which is the
 * negative log-likelihood less its least value for that count. So it is at least 0, and 0 where the
 * mean is the count. McCullagh, Nelder, "Generalized Linear Models", 2nd ed. 1989, sections 2.3 and
 * 6.2.
 *
 * <pre>
 * l = e^s - y s + (y ln y - y)      l' = e^s - y      mean = e^s      0 ln 0 = 0
 * </pre>
 */
final class PoissonLoss extends ScalarLoss {
  static final LossSpec SPEC =
      new LossSpec(
          "poisson",
          InputSpec.Target.NON_NEGATIVE,
          0,
          null,
          new Source(
              "McCullagh, Nelder, Generalized Linear Models, 2nd ed. 1989, 6.2",
              Source.Confidence.DERIVED),
          (classes, parameter) -> new PoissonLoss());

  @Override
  public double value(double s, double y) {
    return Math.max(0, Elementary.exp(s) - y * s + least(y)); // a rounding may go below
  }

  @Override
  public double derivative(double s, double y) {
    return Elementary.exp(s) - y;
  }

  @Override
  public double mean(double s) {
    return Elementary.exp(s);
  }

  @Override
  public double reported(double mean, double y) {
    // A mean that underflowed to 0 counts as the smallest number: its logarithm is -745.
    double logs = y == 0 ? 0 : y * Elementary.log(Math.max(mean, Double.MIN_VALUE));
    return Math.max(0, mean - logs + least(y));
  }

  /** The part that no parameter changes. */
  private static double least(double y) {
    return y == 0 ? 0 : y * Elementary.log(y) - y;
  }

  @Override
  public LabelUnit labelUnit() {
    return LabelUnit.COUNT;
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
    return Elementary.exp(s);
  }
}
