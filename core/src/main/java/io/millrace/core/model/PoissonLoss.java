package io.millrace.core.model;

import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Source;

/**
 * Poisson loss with log link: the negative log-likelihood of a count whose mean is {@code e^s},
 * without the term {@code log(y!)} that no parameter changes, so it can be negative. McCullagh,
 * Nelder, "Generalized Linear Models", 2nd ed. 1989, section 6.2.
 *
 * <pre>
 * l = e^s - y s      l' = e^s - y      mean = e^s
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
    return StrictMath.exp(s) - y * s;
  }

  @Override
  public double derivative(double s, double y) {
    return StrictMath.exp(s) - y;
  }

  @Override
  public double mean(double s) {
    return StrictMath.exp(s);
  }

  @Override
  public double reported(double mean, double y) {
    // A mean that underflowed to 0 counts as the smallest number: its logarithm is -745.
    return mean - y * StrictMath.log(Math.max(mean, Double.MIN_VALUE));
  }

  @Override
  public boolean curved() {
    return true;
  }

  @Override
  public double curvature(double s, double y) {
    return StrictMath.exp(s);
  }
}
