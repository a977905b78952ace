package io.millrace.core.model;

import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Source;

/**
 * Hinge loss of two classes. Cortes, Vapnik, "Support-Vector Networks", Machine Learning 20 (1995).
 *
 * <pre>
 * l = max(0, 1 - t s), t = +1 for class 1, -1 for class 0      l' = -t where t s &lt; 1, else 0
 * </pre>
 *
 * <p>The mean is the margin s itself, no probability; s = 0 stands for class 0.
 */
final class HingeLoss extends ScalarLoss {
  static final LossSpec SPEC =
      new LossSpec(
          "hinge",
          InputSpec.Target.CLASS,
          2,
          null,
          new Source(
              "Cortes, Vapnik, Support-Vector Networks, Machine Learning 20 (1995)",
              Source.Confidence.DERIVED),
          (classes, parameter) -> new HingeLoss());

  @Override
  public double value(double s, double y) {
    return Math.max(0, 1 - (y > 0.5 ? s : -s));
  }

  @Override
  public double derivative(double s, double y) {
    double t = y > 0.5 ? 1 : -1;
    return t * s < 1 ? -t : 0;
  }

  @Override
  public int classOf(double mean) {
    return mean > 0 ? 1 : 0;
  }
}
