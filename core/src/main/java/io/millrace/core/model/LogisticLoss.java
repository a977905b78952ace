package io.millrace.core.model;

import io.millrace.core.features.InputSpec;
import io.millrace.core.optim.Source;

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
public final class LogisticLoss extends ScalarLoss {
  public static final LossSpec SPEC =
      new LossSpec(
          "logistic",
          InputSpec.Target.CLASS,
          2,
          null,
          new Source(
              "McCullagh, Nelder, Generalized Linear Models, 2nd ed. 1989, 4.3",
              Source.Confidence.DERIVED),
          (classes, parameter) -> new LogisticLoss());

  static double sigmoid(double s) {
    if (s >= 0) {
      return 1 / (1 + Math.exp(-s));
    }
    double e = Math.exp(s);
    return e / (1 + e);
  }

  @Override
  public double value(double s, double y) {
    double m = y > 0.5 ? s : -s;
    return Math.log1p(Math.exp(-Math.abs(m))) + Math.max(-m, 0);
  }

  @Override
  public double derivative(double s, double y) {
    return y > 0.5 ? -sigmoid(-s) : sigmoid(s);
  }

  @Override
  public double mean(double s) {
    return sigmoid(s);
  }

  @Override
  public double reported(double mean, double y) {
    return Loss.logLoss(y > 0.5 ? mean : 1 - mean);
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
}
