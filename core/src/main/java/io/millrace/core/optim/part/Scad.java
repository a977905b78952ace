package io.millrace.core.optim.part;

import io.millrace.core.optim.ParamTransform;
import io.millrace.core.optim.PartSpec;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * The proximal step of the smoothly clipped absolute deviation, after the optimizer's step: sets
 * small parameters to zero and leaves large ones unbiased. Fan, Li, "Variable Selection via
 * Nonconcave Penalized Likelihood and its Oracle Properties", JASA 96 (2001), equation 2.7.
 *
 * <pre>
 * p(x) = l |x|                                       |x| &lt;= l
 *        (2 a l |x| - x^2 - l^2) / (2 (a - 1))   l &lt; |x| &lt;= a l
 *        l^2 (a + 1) / 2                       a l &lt; |x|
 * theta &lt;- the x of least (x - theta)^2 / 2 + lr p(x)
 * for lr &lt; a - 1:
 *   soft(theta, lr l)                                    |theta| &lt;= l (1 + lr)
 *   ((a - 1) |theta| - lr a l) / (a - 1 - lr)   up to |theta| &lt;= a l, with theta's sign
 *   theta                                                beyond
 * </pre>
 *
 * <p>Deviations from the paper: the proximal step is taken at the learning rate, not at one;
 * derived from the penalty. From lr = a - 1 on the middle piece is no longer convex: the better of
 * the soft threshold (at most l) and theta itself (from a l on) is taken, ties to the latter.
 * Biases are penalised too. Memory 0, 5d flops. Lazy on sparse mini-batches. Immutable.
 */
public final class Scad implements ParamTransform {
  static final Hyper LAMBDA =
      new Hyper("scad-lambda", 0, Range.nonNegative(), "SCAD penalty: slope at zero");
  static final Hyper A =
      new Hyper(
          "scad-a",
          3.7,
          new Range(2, true, Double.POSITIVE_INFINITY, true, false),
          "SCAD penalty: flat from this many times scad-lambda on");

  public static final PartSpec SPEC =
      new PartSpec(
          "scad",
          new Source(
              "Fan, Li, Variable Selection via Nonconcave Penalized Likelihood and its Oracle"
                  + " Properties, JASA 96 (2001)",
              Source.Confidence.DERIVED),
          List.of(LAMBDA, A),
          Scad::new);

  private final double lambda;
  private final double a;

  Scad(HyperValues values) {
    lambda = values.get(LAMBDA);
    a = values.get(A);
  }

  @Override
  public Place place() {
    return Place.AFTER_STEP;
  }

  @Override
  public void apply(double[] theta, Slots slots, StepContext context) {
    double rate = context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      double size = Math.abs(theta[i]);
      // NaN meets the last case and stays NaN, so that the learner's guard sees it.
      double to = rate < a - 1 ? convex(size, rate) : jump(size, rate);
      theta[i] = to == 0 ? 0 : Math.copySign(to, theta[i]);
    }
  }

  private double convex(double size, double rate) {
    if (size <= lambda * (1 + rate)) {
      return Math.max(size - rate * lambda, 0);
    }
    return size <= a * lambda ? ((a - 1) * size - rate * a * lambda) / (a - 1 - rate) : size;
  }

  private double jump(double size, double rate) {
    double soft = Math.min(Math.max(size - rate * lambda, 0), lambda);
    double far = size - soft;
    boolean stays = far * far / 2 + rate * lambda * soft >= rate * lambda * lambda * (a + 1) / 2;
    return size <= a * lambda || !stays && size == size ? soft : size;
  }

  @Override
  public SparseSupport sparse() {
    return lambda == 0 ? SparseSupport.EXACT : SparseSupport.LAZY;
  }
}
