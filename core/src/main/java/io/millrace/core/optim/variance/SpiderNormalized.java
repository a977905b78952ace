package io.millrace.core.optim.variance;

import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Vectors;
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
 * Normalized SPIDER: a recursive estimate refreshed by a large batch every q steps, and steps of
 * normalized length. Fang, Li, Lin, Zhang, "SPIDER: Near-Optimal Non-Convex Optimization via
 * Stochastic Path Integrated Differential Estimator", arXiv:1807.01695; with the exponent of Chen,
 * Zhou, Liang, Lu, "Generalized-Smooth Nonconvex Optimization is As Efficient As Smooth Nonconvex
 * Optimization", arXiv:2303.02854.
 *
 * <pre>
 * v     = large-batch gradient      every q steps, from the first
 * v     &lt;- v + g(theta) - g(thetaPrevious)      otherwise, both of the present mini-batch
 * theta &lt;- theta - lr v / |v|^beta
 * </pre>
 *
 * <p>A large batch of a stream is collected at the resting point ({@link AnchorBatch}); q counts
 * moves. Deviations from the paper: none known beyond that. Memory 3d (v, previous point, sum of
 * the large batch) and 2 scalars, two gradients of the same mini-batch (one while collecting),
 * about 6d flops per step. Immutable.
 */
public final class SpiderNormalized implements Optimizer {
  static final Hyper Q =
      new Hyper("q", 16, Range.integers(1, 1e9), "moves from one large batch to the next");
  static final Hyper BETA =
      new Hyper("beta", 1, Range.closed(0, 1), "power of the norm that is divided by");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "spider_normalized",
          1,
          new Source(
              "Fang, Li, Lin, Zhang, SPIDER, arXiv:1807.01695; Chen, Zhou, Liang, Lu,"
                  + " Generalized-Smooth Nonconvex Optimization, arXiv:2303.02854",
              Source.Confidence.DERIVED),
          0.01,
          List.of(Q, BETA, AnchorBatch.STEPS),
          SpiderNormalized::new);

  private static final String ESTIMATE = "v";
  private static final String PREVIOUS = "w-previous";

  /** Moves since the last large batch. */
  private static final String MOVES = "moves";

  private final double q;
  private final double beta;
  private final AnchorBatch anchor;

  SpiderNormalized(HyperValues values) {
    q = values.get(Q);
    beta = values.get(BETA);
    anchor = new AnchorBatch(values);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(ESTIMATE);
    slots.elementwise(PREVIOUS);
    slots.block(MOVES, 1);
    anchor.declareSlots(slots);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] v = slots.get(ESTIMATE);
    double[] previous = slots.get(PREVIOUS);
    double[] moves = slots.get(MOVES);
    if (moves[0] >= q) {
      moves[0] = 0;
    }
    if (moves[0] > 0) {
      Recursion.advance(f, theta, previous, v, context);
    } else if (!anchor.gradient(f, theta, slots, context, v)) {
      return;
    }
    moves[0]++;
    double sum = 0;
    for (double x : v) {
      sum += x * x;
    }
    // A vanished estimate has no direction: the point stays, the next mini-batch may move it.
    double norm = Vectors.root(sum, v, 0, v.length, 1);
    double length = norm == 0 ? 1 : power(norm);
    double lr = context.learningRate();
    context.stepSize(norm == 0 ? 0 : lr / length);
    for (int i = 0; i < theta.length; i++) {
      previous[i] = theta[i];
      theta[i] -= lr * (v[i] / length);
    }
  }

  private double power(double norm) {
    return beta == 1 ? norm : Elementary.exp(beta * Elementary.log(norm));
  }

  /** The norm is over all coordinates. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
