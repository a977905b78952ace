package io.millrace.core.optim.variance;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * PAGE: a recursive estimate of the gradient, replaced by that of a large batch with probability p.
 * Li, Bao, Zhang, Richtarik, "PAGE: A Simple and Optimal Probabilistic Gradient Estimator for
 * Nonconvex Optimization", arXiv:2008.10898, Algorithm 1.
 *
 * <pre>
 * v     = large-batch gradient      (first step, or coin(p))
 * v     &lt;- v + g(theta) - g(thetaPrevious)      otherwise, both of the present mini-batch
 * theta &lt;- theta - lr v
 * </pre>
 *
 * <p>A large batch of a stream is collected at the resting point ({@link AnchorBatch}), so it takes
 * {@code anchor-steps} steps. Deviations from the paper: a step first estimates, then moves. Memory
 * 3d (v, previous point, sum of the large batch) and 2 scalars, two gradients of the same
 * mini-batch (one while collecting), about 4d flops per step. Immutable.
 */
public final class Page implements Optimizer {
  static final Hyper P =
      new Hyper(
          "p", 0.1, Range.closed(0, 1), "probability of a large batch instead of a recursion");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "page",
          1,
          new Source(
              "Li, Bao, Zhang, Richtarik, PAGE: A Simple and Optimal Probabilistic Gradient"
                  + " Estimator for Nonconvex Optimization, arXiv:2008.10898",
              Source.Confidence.DERIVED),
          0.1,
          List.of(P, AnchorBatch.STEPS),
          Page::new);

  private static final String ESTIMATE = "v";
  private static final String PREVIOUS = "w-previous";

  /** 1: v can be continued; 0: it has to come from a large batch. */
  private static final String VALID = "valid";

  private final double p;
  private final AnchorBatch anchor;

  Page(HyperValues values) {
    p = values.get(P);
    anchor = new AnchorBatch(values);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(ESTIMATE);
    slots.elementwise(PREVIOUS);
    slots.block(VALID, 1);
    anchor.declareSlots(slots);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] v = slots.get(ESTIMATE);
    double[] previous = slots.get(PREVIOUS);
    double[] valid = slots.get(VALID);
    if (valid[0] != 0 && context.draws().fork(Purpose.SCHEDULE).coin(0, p)) {
      valid[0] = 0;
    }
    if (valid[0] != 0) {
      Recursion.advance(f, theta, previous, v, context);
    } else if (anchor.gradient(f, theta, slots, context, v)) {
      valid[0] = 1;
    } else {
      return;
    }
    double lr = context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      previous[i] = theta[i];
      theta[i] -= lr * v[i];
    }
  }

  /** The estimate moves every coordinate at every step. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
