package io.millrace.core.optim.variance;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * STORM: recursive momentum with adaptive steps, no large batches. Cutkosky, Orabona,
 * "Momentum-Based Variance Reduction in Non-Convex SGD", arXiv:1905.10018, Algorithm 1.
 *
 * <pre>
 * d     = g at t = 1,  else g + (1 - a) (d - gPrevious)
 * S     &lt;- S + |g|^2,   eta = k / (w + S)^(1/3),   a &lt;- min(1, c eta^2)
 * theta &lt;- theta - lr eta d
 * </pre>
 *
 * <p>gPrevious is the gradient of the present mini-batch at the previous point; a is that of the
 * previous step. Deviations from the paper: the step is multiplied by the learning rate (1), a is
 * not and is at most 1. The paper asks for c of about 28 L^2, L the smoothness: with a far smaller
 * c the estimate forgets too slowly and drifts. Memory 2d (d, previous point) and 2 scalars, two
 * gradients of the same mini-batch, about 8d flops per step. Immutable.
 */
public final class Storm implements Optimizer {
  static final Hyper K = new Hyper("k", 0.3, Range.positive(), "scale of the step size");
  static final Hyper W = new Hyper("w", 1, Range.positive(), "added to the sum of squared norms");
  static final Hyper C = new Hyper("c", 100, Range.positive(), "a = c times the squared step size");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "storm",
          1,
          new Source(
              "Cutkosky, Orabona, Momentum-Based Variance Reduction in Non-Convex SGD,"
                  + " arXiv:1905.10018",
              Source.Confidence.DERIVED),
          1,
          List.of(K, W, C),
          Storm::new);

  private static final String ESTIMATE = "d";
  private static final String PREVIOUS = "w-previous";

  /** S and a. */
  private static final String SCALARS = "scalars";

  private final double k;
  private final double w;
  private final double c;

  Storm(HyperValues values) {
    k = values.get(K);
    w = values.get(W);
    c = values.get(C);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(ESTIMATE);
    slots.elementwise(PREVIOUS);
    slots.block(SCALARS, 2);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] d = slots.get(ESTIMATE);
    double[] previous = slots.get(PREVIOUS);
    double[] scalars = slots.get(SCALARS);
    double[] g = context.workspace().array("g", theta.length);
    double[] before = context.workspace().array("before", theta.length);
    f.gradient(theta, g);
    boolean first = slots.steps() == 0;
    if (!first) {
      f.gradient(previous, before);
    }
    double keep = 1 - scalars[1];
    double square = 0;
    for (int i = 0; i < theta.length; i++) {
      d[i] = first ? g[i] : g[i] + keep * (d[i] - before[i]);
      square += g[i] * g[i];
    }
    scalars[0] += square;
    double eta = k / StrictMath.cbrt(w + scalars[0]);
    scalars[1] = Math.min(1, c * eta * eta);
    double step = context.learningRate() * eta;
    context.stepSize(step);
    for (int i = 0; i < theta.length; i++) {
      previous[i] = theta[i];
      theta[i] -= step * d[i];
    }
  }

  /** The estimate moves every coordinate at every step. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
