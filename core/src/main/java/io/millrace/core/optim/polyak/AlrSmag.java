package io.millrace.core.optim.polyak;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Set;

/**
 * ALR-SMAG: the Polyak step for moving averaged gradients. Wang, Johansson, Zhang, "Generalized
 * Polyak Step Size for First Order Optimization with Momentum", arXiv:2305.12939.
 *
 * <pre>
 * d     &lt;- beta d + g
 * tau   =  min(lr, (f - lower-bound) / (c |d|^2))
 * theta &lt;- theta (1 - wd tau) - tau d
 * </pre>
 *
 * <p>The learning rate is the cap. The mini-batch's loss is asked for beside its gradient.
 * Deviations from the paper: a loss below the bound makes no step. Memory d (d), a loss and a
 * gradient, 7d flops and a reduction per step. Immutable.
 */
public final class AlrSmag implements Optimizer {
  static final Hyper BETA =
      new Hyper("beta", 0.9, Range.halfOpen(0, 1), "what is kept of the direction");
  static final Hyper WEIGHT_DECAY =
      new Hyper(
          "weight-decay",
          0,
          Range.nonNegative(),
          "decoupled weight decay, per unit of the step size");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "alr_smag",
          1,
          new Source(
              "Wang, Johansson, Zhang, Generalized Polyak Step Size for First Order Optimization"
                  + " with Momentum, arXiv:2305.12939",
              Source.Confidence.CODE_READ),
          0.1,
          List.of(BETA, Polyak.LOWER_BOUND, Polyak.C, WEIGHT_DECAY),
          AlrSmag::new);

  private static final String DIRECTION = "d";

  private final double beta;
  private final double lowerBound;
  private final double c;
  private final double weightDecay;

  AlrSmag(HyperValues values) {
    beta = values.get(BETA);
    lowerBound = values.get(Polyak.LOWER_BOUND);
    c = values.get(Polyak.C);
    weightDecay = values.get(WEIGHT_DECAY);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.VALUE, Oracle.GRADIENT);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(DIRECTION);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] d = slots.get(DIRECTION);
    double[] g = context.workspace().array("g", theta.length);
    double loss = f.value(theta);
    f.gradient(theta, g);
    double square = 0;
    for (int i = 0; i < theta.length; i++) {
      d[i] = beta * d[i] + g[i];
      square += d[i] * d[i];
    }
    if (square == 0) {
      return; // No direction; the quotient would be x/0.
    }
    double tau = Polyak.step(loss - lowerBound, c * square, context.learningRate());
    double keep = 1 - weightDecay * tau;
    for (int i = 0; i < theta.length; i++) {
      theta[i] = keep * theta[i] - tau * d[i];
    }
    context.stepSize(tau);
  }

  /** The norm goes over the whole direction. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
