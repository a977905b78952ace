package io.millrace.core.optim.firstorder;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Gravity. Bahrami, Zadeh, "Gravity Optimizer: a Kinematic Approach on Optimization in Deep
 * Learning", arXiv:2101.09192, Algorithm 1.
 *
 * <pre>
 * v_0   ~  N(0, (alpha / lr)^2)
 * bhat  =  (beta t + 1) / (t + 2)
 * zeta  =  g / (1 + (g M)^2)               M: largest |g| of the tensor, the paper's 1/m
 * v     &lt;- bhat v + (1 - bhat) zeta
 * theta &lt;- theta - lr v
 * </pre>
 *
 * <p>A tensor is a block of the layout; t counts from 1 as in the authors' PyTorch file (their
 * Keras file starts at 0). Written with g M instead of g / m, a tensor whose gradient is all zero
 * needs no special case: its zeta is 0. Deviations from the paper: none. Memory d (v), one
 * gradient, 9d flops and a reduction per step. Immutable.
 */
public final class Gravity implements Optimizer {
  static final Hyper ALPHA =
      new Hyper("alpha", 0.01, Range.nonNegative(), "spread of the first velocity, times lr");
  static final Hyper BETA =
      new Hyper("beta", 0.9, Range.halfOpen(0, 1), "what the velocity's decay tends to");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "gravity",
          1,
          new Source(
              "Bahrami, Zadeh, Gravity Optimizer: a Kinematic Approach on Optimization in Deep"
                  + " Learning, arXiv:2101.09192",
              Source.Confidence.CODE),
          0.1,
          List.of(ALPHA, BETA),
          Gravity::new);

  private static final String VELOCITY = "v";

  private final double alpha;
  private final double beta;

  Gravity(HyperValues values) {
    alpha = values.get(ALPHA);
    beta = values.get(BETA);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(VELOCITY);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] v = slots.get(VELOCITY);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    long t = slots.nextStep();
    double lr = context.learningRate();
    if (t == 1 && lr > 0) { // At a rate of 0 no velocity is that of a step of size alpha.
      start(v, alpha / lr, context);
    }
    double bhat = (beta * t + 1) / (t + 2);
    List<ParamLayout.Block> blocks = f.layout().blocks();
    for (int b = 0; b < blocks.size(); b++) {
      int from = blocks.get(b).offset();
      int to = from + blocks.get(b).size();
      double largest = 0;
      for (int i = from; i < to; i++) {
        largest = Math.max(largest, Math.abs(g[i]));
      }
      for (int i = from; i < to; i++) {
        double ratio = g[i] * largest;
        double zeta = g[i] / (1 + ratio * ratio);
        v[i] = bhat * v[i] + (1 - bhat) * zeta;
        theta[i] -= lr * v[i];
      }
    }
  }

  /** Draws the first velocity, unless one has been given. */
  private static void start(double[] v, double deviation, StepContext context) {
    for (double vi : v) {
      if (vi != 0) {
        return;
      }
    }
    Draws draws = context.draws().fork(Purpose.INITIALIZATION);
    for (int i = 0; i < v.length; i++) {
      v[i] = deviation * draws.normal(i);
    }
  }

  /** The first velocity is drawn for all coordinates, and moves them at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
