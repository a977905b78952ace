package io.millrace.core.optim.polyak;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Set;

/**
 * SPS_max, the stochastic Polyak step with a cap. Loizou, Vaswani, Laradji, Lacoste-Julien,
 * "Stochastic Polyak Step-size for SGD: An Adaptive Learning Rate for Fast Convergence",
 * arXiv:2002.10542, equation 3.
 *
 * <pre>
 * theta &lt;- theta - min(lr, (f - lower-bound) / (c |g|^2)) g
 * </pre>
 *
 * <p>The learning rate is the paper's cap gamma_b. The mini-batch's loss is asked for beside its
 * gradient. Deviations from the paper: a loss below the bound makes no step. No memory, a loss and
 * a gradient, 4d flops per step. Exact on sparse mini-batches: zeros add nothing to the norm.
 * Immutable.
 */
public final class SpsMax implements Optimizer {
  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "sps_max",
          1,
          new Source(
              "Loizou, Vaswani, Laradji, Lacoste-Julien, Stochastic Polyak Step-size for SGD: An"
                  + " Adaptive Learning Rate for Fast Convergence, arXiv:2002.10542",
              Source.Confidence.DERIVED),
          1,
          List.of(Polyak.LOWER_BOUND, Polyak.C),
          SpsMax::new);

  private final double lowerBound;
  private final double c;

  SpsMax(HyperValues values) {
    lowerBound = values.get(Polyak.LOWER_BOUND);
    c = values.get(Polyak.C);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.VALUE, Oracle.GRADIENT);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {}

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] g = context.workspace().array("g", theta.length);
    double loss = f.value(theta);
    f.gradient(theta, g);
    double square = Polyak.square(g);
    if (square == 0) {
      return; // No direction; the quotient would be x/0.
    }
    double rate = Polyak.step(loss - lowerBound, c * square, context.learningRate());
    for (int i = 0; i < theta.length; i++) {
      theta[i] -= rate * g[i];
    }
    context.stepSize(rate);
  }

  @Override
  public SparseSupport sparse() {
    return SparseSupport.EXACT;
  }
}
