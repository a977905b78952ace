package io.millrace.core.optim.polyak;

import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;

/** What the SANIA methods share: the step, once the preconditioner is known. */
final class Sania {
  static final Hyper EPS =
      new Hyper("eps", 0.1, Range.positive(), "least value of the preconditioner, before the root");
  static final Hyper SQRT =
      new Hyper("sqrt", 0, Range.flag(), "whether the preconditioner is the root");

  private final double eps;
  private final boolean root;

  Sania(HyperValues values) {
    eps = values.get(EPS);
    root = values.flag(SQRT);
  }

  /**
   * v &lt;- keep v + share g^2, then theta &lt;- theta - lr lam g / B with B = max(eps, scale v) or
   * the root of that.
   *
   * @param v second moment, modified
   * @param scale corrects it
   */
  void step(
      double loss,
      double[] theta,
      double[] g,
      double[] v,
      double keep,
      double share,
      double scale,
      StepContext context) {
    double q = 0;
    for (int i = 0; i < theta.length; i++) {
      v[i] = keep * v[i] + share * g[i] * g[i];
      q += g[i] * (g[i] / preconditioner(v[i] * scale));
    }
    // A loss below 0, which the method rules out, counts as 0: no step, where lam would climb.
    double twice = 2 * Math.max(loss, 0);
    double left = 1 - twice / q; // NaN or infinite where q is 0: then lam does not matter.
    double lam = twice <= q && left > 0 ? 1 - Math.sqrt(left) : 1;
    double rate = context.learningRate() * lam;
    for (int i = 0; i < theta.length; i++) {
      theta[i] -= rate * (g[i] / preconditioner(v[i] * scale));
    }
    context.stepSize(rate);
  }

  private double preconditioner(double v) {
    double b = Math.max(eps, v);
    return root ? Math.sqrt(b) : b;
  }
}
