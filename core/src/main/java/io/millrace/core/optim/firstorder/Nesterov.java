package io.millrace.core.optim.firstorder;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Nesterov's accelerated gradient with constant momentum. Nesterov, "A method of solving a convex
 * programming problem with convergence rate O(1/k^2)", Soviet Math. Doklady 27 (1983); this form:
 * Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep
 * learning", ICML 2013, section 2.
 *
 * <pre>
 * g     &lt;- g + wd theta          (coupled weight decay)
 * b     &lt;- mu b + g
 * theta &lt;- theta - lr (g + mu b)
 * </pre>
 *
 * <p>Deviations from the paper: theta is the look-ahead point, so the gradient is taken at the
 * parameters that are stored and published (the shifted form); mu is constant. Memory d (b), one
 * gradient and 8d flops per step. Immutable.
 */
public final class Nesterov implements Optimizer {
  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "nesterov",
          1,
          new Source(
              "Sutskever, Martens, Dahl, Hinton, On the importance of initialization and momentum"
                  + " in deep learning, ICML 2013",
              Source.Confidence.CODE),
          0.01,
          List.of(Momentum.MOMENTUM, WeightDecay.COUPLED),
          Nesterov::new);

  private static final String BUFFER = "b";

  private final double momentum;
  private final double weightDecay;

  Nesterov(HyperValues values) {
    momentum = values.get(Momentum.MOMENTUM);
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
      double gi = g[i] + weightDecay * theta[i];
      b[i] = momentum * b[i] + gi;
      theta[i] -= lr * (gi + momentum * b[i]);
    }
  }

  /** A buffer that is not zero moves its parameter although the gradient is zero. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
