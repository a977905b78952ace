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
 * The proximal step of the minimax concave penalty, after the optimizer's step: sets small
 * parameters to zero and leaves large ones unbiased. Zhang, "Nearly Unbiased Variable Selection
 * under Minimax Concave Penalty", Annals of Statistics 38 (2010), arXiv:1002.4734, equation 2.1.
 *
 * <pre>
 * p(x) = l |x| - x^2 / (2 c)     |x| &lt;= c l,     c l^2 / 2     beyond
 * theta &lt;- the x of least (x - theta)^2 / 2 + lr p(x)
 *   lr &lt; c:  soft(theta, lr l) / (1 - lr / c)    |theta| &lt;= c l,            theta beyond
 *   else:    0                                   |theta| &lt; l sqrt(lr c),    theta beyond
 * </pre>
 *
 * <p>Deviations from the paper: the proximal step is taken at the learning rate, not at one;
 * derived from the penalty. Biases are penalised too. Memory 0, 4d flops. Lazy on sparse
 * mini-batches. Immutable.
 */
public final class Mcp implements ParamTransform {
  static final Hyper LAMBDA =
      new Hyper("mcp-lambda", 0, Range.nonNegative(), "minimax concave penalty: slope at zero");
  static final Hyper C =
      new Hyper(
          "mcp-gamma",
          3,
          new Range(1, true, Double.POSITIVE_INFINITY, true, false),
          "minimax concave penalty: flat from this many times mcp-lambda on");

  public static final PartSpec SPEC =
      new PartSpec(
          "mcp",
          new Source(
              "Zhang, Nearly Unbiased Variable Selection under Minimax Concave Penalty, Annals of"
                  + " Statistics 38 (2010), arXiv:1002.4734",
              Source.Confidence.DERIVED),
          List.of(LAMBDA, C),
          Mcp::new);

  private final double lambda;
  private final double c;

  Mcp(HyperValues values) {
    lambda = values.get(LAMBDA);
    c = values.get(C);
  }

  @Override
  public Place place() {
    return Place.AFTER_STEP;
  }

  @Override
  public void apply(double[] theta, Slots slots, StepContext context) {
    double rate = context.learningRate();
    boolean convex = rate < c;
    double flat = convex ? c * lambda : lambda * Math.sqrt(rate * c);
    double stretch = convex ? 1 / (1 - rate / c) : 0;
    for (int i = 0; i < theta.length; i++) {
      double size = Math.abs(theta[i]);
      // NaN is not below anything and stays NaN, so that the learner's guard sees it.
      if (size < flat) {
        double to = size - rate * lambda;
        theta[i] = to <= 0 || !convex ? 0 : Math.copySign(to * stretch, theta[i]);
      }
    }
  }

  @Override
  public SparseSupport sparse() {
    return lambda == 0 ? SparseSupport.EXACT : SparseSupport.LAZY;
  }
}
