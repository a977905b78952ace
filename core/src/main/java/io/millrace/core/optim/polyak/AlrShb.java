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
 * ALR-SHB: the Polyak step for the heavy ball. Wang, Johansson, Zhang, "Generalized Polyak Step
 * Size for First Order Optimization with Momentum", arXiv:2305.12939.
 *
 * <pre>
 * dw    =  theta - theta_before                             (0 at the first step)
 * eta   =  (f - lower-bound) / (c |g|^2) + beta g'dw / |g|^2, within [0, lr]
 * theta &lt;- theta - eta g + beta dw
 * </pre>
 *
 * <p>The step minimizes the bound of |theta - theta*|^2 that convexity gives. The learning rate is
 * the cap. Deviations from the paper: the floor at 0. Memory d (theta_before), a loss and a
 * gradient, 9d flops and two reductions per step. Immutable.
 */
public final class AlrShb implements Optimizer {
  static final Hyper BETA =
      new Hyper("beta", 0.9, Range.halfOpen(0, 1), "what is kept of the last move");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "alr_shb",
          1,
          new Source(
              "Wang, Johansson, Zhang, Generalized Polyak Step Size for First Order Optimization"
                  + " with Momentum, arXiv:2305.12939",
              Source.Confidence.DERIVED),
          0.1,
          List.of(BETA, Polyak.LOWER_BOUND, Polyak.C),
          AlrShb::new);

  private static final String BEFORE = "w-prev";

  private final double beta;
  private final double lowerBound;
  private final double c;

  AlrShb(HyperValues values) {
    beta = values.get(BETA);
    lowerBound = values.get(Polyak.LOWER_BOUND);
    c = values.get(Polyak.C);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.VALUE, Oracle.GRADIENT);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(BEFORE);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    System.arraycopy(theta, 0, slots.get(BEFORE), 0, theta.length);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] before = slots.get(BEFORE);
    double[] g = context.workspace().array("g", theta.length);
    double loss = f.value(theta);
    f.gradient(theta, g);
    double square = 0;
    double along = 0;
    for (int i = 0; i < theta.length; i++) {
      square += g[i] * g[i];
      along += g[i] * (theta[i] - before[i]);
    }
    if (square == 0) {
      return; // No direction; the quotients would be x/0. The last move is kept for later.
    }
    double wanted = (loss - lowerBound) / (c * square) + beta * along / square;
    if (square == Double.POSITIVE_INFINITY) {
      wanted = Double.NaN; // It has overflowed; the quotients would be 0.
    }
    double eta = Math.min(context.learningRate(), Math.max(0, wanted));
    for (int i = 0; i < theta.length; i++) {
      double move = beta * (theta[i] - before[i]) - eta * g[i];
      before[i] = theta[i];
      theta[i] += move;
    }
    context.stepSize(eta);
  }

  /** The last move goes on at a zero gradient, and the products go over all coordinates. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
