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
 * XGrad around SGD with momentum: the gradient is taken at predicted weights. Guan, Li, Shi, Meng,
 * "XGrad: Boosting Gradient-Based Optimizers With Weight Prediction", arXiv:2305.18240, Algorithm 1
 * and Table 1.
 *
 * <pre>
 * what  =  theta - s lr b                  (theta itself at the first step)
 * g     =  gradient at what, + wd theta    (coupled weight decay)
 * b     &lt;- mu b + (1 - dampening) g        (the first step is not dampened)
 * theta &lt;- theta - lr b
 * </pre>
 *
 * <p>Deviations from the paper: none; the first step's dampening is that of the framework whose SGD
 * the authors wrap. At s = 0 it is momentum. Memory d (b; what lives in scratch space), one
 * gradient and 8d flops per step. Immutable.
 */
public final class XGradSgdm implements Optimizer {
  static final Hyper DAMPENING =
      new Hyper("dampening", 0, Range.halfOpen(0, 1), "what a new gradient is lessened by");
  static final Hyper S = new Hyper("s", 1, Range.integers(0, 10), "steps predicted ahead");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "xgrad_sgdm",
          1,
          new Source(
              "Guan, Li, Shi, Meng, XGrad: Boosting Gradient-Based Optimizers With Weight"
                  + " Prediction, arXiv:2305.18240",
              Source.Confidence.CODE),
          0.01,
          List.of(Momentum.MOMENTUM, DAMPENING, WeightDecay.COUPLED, S),
          XGradSgdm::new);

  private static final String BUFFER = "b";

  private final double momentum;
  private final double dampening;
  private final double weightDecay;
  private final double ahead;

  XGradSgdm(HyperValues values) {
    momentum = values.get(Momentum.MOMENTUM);
    dampening = values.get(DAMPENING);
    weightDecay = values.get(WeightDecay.COUPLED);
    ahead = values.get(S);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(BUFFER);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] b = slots.get(BUFFER);
    double[] g = context.workspace().array("g", theta.length);
    double[] predicted = context.workspace().array("predicted", theta.length);
    double lr = context.learningRate();
    double reach = ahead * lr;
    for (int i = 0; i < theta.length; i++) {
      predicted[i] = theta[i] - reach * b[i]; // b is 0 at the first step.
    }
    f.gradient(predicted, g);
    double take = slots.steps() == 0 ? 1 : 1 - dampening;
    for (int i = 0; i < theta.length; i++) {
      b[i] = momentum * b[i] + take * (g[i] + weightDecay * theta[i]);
      theta[i] -= lr * b[i];
    }
  }

  /** A buffer that is not zero moves its parameter although the gradient is zero. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
