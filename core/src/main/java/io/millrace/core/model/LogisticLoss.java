package io.millrace.core.model;

import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Vectors;
import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Source;

/**
 * Logistic loss of two classes: the negative log-likelihood of a Bernoulli variable whose log-odds
 * are the raw output. McCullagh, Nelder, "Generalized Linear Models", 2nd ed. 1989, section 4.3.
 *
 * <pre>
 * p = 1 / (1 + e^-s)      l = log(1 + e^-m), m = s for class 1, -s for class 0      l' = p - y
 * </pre>
 *
 * <p>No branch overflows and differences near p = 0 and p = 1 keep all digits. p = 1/2 stands for
 * class 0.
 */
final class LogisticLoss extends ScalarLoss {
  static final LossSpec SPEC =
      new LossSpec(
          "logistic",
          InputSpec.Target.CLASS,
          2,
          null,
          new Source(
              "McCullagh, Nelder, Generalized Linear Models, 2nd ed. 1989, 4.3",
              Source.Confidence.DERIVED),
          (classes, parameter) -> new LogisticLoss());

  private static double sigmoid(double s) {
    return sigmoid(s, Elementary.exp(-Math.abs(s)));
  }

  /** At s or -s, given e^-|s|. */
  private static double sigmoid(double s, double e) {
    return Vectors.bySign(s, 1, e) / (1 + e);
  }

  /** Negative where the label is class 1. */
  private static double side(double y) {
    return 0.5 - y;
  }

  @Override
  public double value(double s, double y) {
    double away = Vectors.flipped(s, side(y)); // -m
    return StrictMath.log1p(Elementary.exp(-Math.abs(s))) + Math.max(away, 0);
  }

  @Override
  public double derivative(double s, double y) {
    return derivative(s, y, Elementary.exp(-Math.abs(s)));
  }

  private static double derivative(double s, double y, double e) {
    double side = side(y);
    return Vectors.flipped(sigmoid(Vectors.flipped(s, side), e), side);
  }

  @Override
  public double mean(double s) {
    return sigmoid(s);
  }

  @Override
  public void meanAndDerivative(double s, double y, double[] out) {
    double e = Elementary.exp(-Math.abs(s));
    out[0] = sigmoid(s, e);
    out[1] = derivative(s, y, e);
  }

  @Override
  public double reported(double mean, double y) {
    return Loss.logLoss(Vectors.bySign(side(y), 1 - mean, mean));
  }

  @Override
  public int classOf(double mean) {
    return mean > 0.5 ? 1 : 0;
  }

  @Override
  public boolean curved() {
    return true;
  }

  @Override
  public double curvature(double s, double y) {
    return sigmoid(s) * sigmoid(-s);
  }

  @Override
  public boolean probabilities() {
    return true;
  }
}
