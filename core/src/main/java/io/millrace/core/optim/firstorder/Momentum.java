package io.millrace.core.optim.firstorder;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Heavy-ball momentum. Polyak, "Some methods of speeding up the convergence of iteration methods",
 * USSR Computational Mathematics and Mathematical Physics 4 (1964).
 *
 * <pre>
 * g     &lt;- g + wd theta          (coupled weight decay)
 * b     &lt;- mu b + g
 * theta &lt;- theta - lr b
 * </pre>
 *
 * <p>Deviations from the paper: the learning rate stands outside the buffer, so that a change of it
 * acts at once; the paper's form, theta' = theta - lr g + mu (theta - theta_before), is the same
 * only while it is constant. No factor (1 - mu). Memory d (b), one gradient and 6d flops per step.
 * Immutable.
 */
public final class Momentum implements Optimizer {
  static final Hyper MOMENTUM =
      new Hyper("momentum", 0.9, Range.halfOpen(0, 1), "mu, what is kept of the buffer");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "momentum",
          1,
          new Source(
              "Polyak, Some methods of speeding up the convergence of iteration methods,"
                  + " USSR Comput. Math. Math. Phys. 4 (1964)",
              Source.Confidence.CODE),
          0.01,
          List.of(MOMENTUM, WeightDecay.COUPLED),
          Momentum::new);

  private static final String BUFFER = "b";

  private final double momentum;
  private final double weightDecay;

  Momentum(HyperValues values) {
    momentum = values.get(MOMENTUM);
    weightDecay = values.get(WeightDecay.COUPLED);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(BUFFER);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] b = slots.get(BUFFER);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    double lr = context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      b[i] = momentum * b[i] + (g[i] + weightDecay * theta[i]);
      theta[i] -= lr * b[i];
    }
  }

  /** A buffer that is not zero moves its parameter although the gradient is zero. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
