package io.millrace.core.optim.adaptive;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Set;

/**
 * AEGD, gradient descent with an energy per coordinate: stable at any learning rate. Liu, Tian,
 * "AEGD: Adaptive Gradient Descent with Energy", arXiv:2010.05109, Algorithm 1.
 *
 * <pre>
 * s     =  sqrt(f + c),  r_0 = s at the first step
 * d     =  g / (2 s)  (+ wd theta, coupled; or theta &lt;- theta (1 - lr wd), decoupled)
 * r     &lt;- r / (1 + 2 lr d^2)                      positive, never grows
 * theta &lt;- theta - 2 lr r d
 * </pre>
 *
 * <p>The mini-batch's loss is asked for beside its gradient. Deviations from the paper: none; a
 * loss at -c or below counts as a little more (see {@link Energy}). A coordinate takes r_0 at its
 * first gradient, which is the same. Memory d + 1 (r, r_0), a loss and a gradient, 8d flops per
 * step. Exact on sparse mini-batches without weight decay. Immutable.
 */
public final class Aegd implements Optimizer {
  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "aegd",
          1,
          new Source(
              "Liu, Tian, AEGD: Adaptive Gradient Descent with Energy, arXiv:2010.05109",
              Source.Confidence.CODE),
          0.1,
          List.of(Energy.C, WeightDecay.EITHER, WeightDecay.IS_DECOUPLED),
          Aegd::new);

  private static final String ENERGY = "r";
  private static final String FIRST = "r-first";

  private final double c;
  private final double weightDecay;
  private final boolean decoupled;

  Aegd(HyperValues values) {
    c = values.get(Energy.C);
    weightDecay = values.get(WeightDecay.EITHER);
    decoupled = values.flag(WeightDecay.IS_DECOUPLED);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.VALUE, Oracle.GRADIENT);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(ENERGY);
    slots.block(FIRST, 1);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] r = slots.get(ENERGY);
    double[] first = slots.get(FIRST);
    double[] g = context.workspace().array("g", theta.length);
    double s = Energy.of(f.value(theta), c);
    f.gradient(theta, g);
    if (slots.steps() == 0) {
      first[0] = s;
    }
    double lr = context.learningRate();
    double keep = decoupled ? 1 - lr * weightDecay : 1;
    double coupled = decoupled ? 0 : weightDecay;
    double perTwice = 1 / (2 * s);
    double twice = 2 * lr;
    double start = first[0];
    for (int i = 0; i < theta.length; i++) {
      double d = g[i] * perTwice + coupled * theta[i];
      if (d != 0) {
        double before = r[i] == 0 ? start : r[i];
        // 0 says that the coordinate has had no gradient yet: an energy does not underflow to it.
        r[i] = Math.max(before / (1 + twice * d * d), Double.MIN_VALUE);
      }
      theta[i] = keep * theta[i] - twice * r[i] * d;
    }
  }

  @Override
  public SparseSupport sparse() {
    return weightDecay == 0 ? SparseSupport.EXACT : SparseSupport.LAZY;
  }
}
