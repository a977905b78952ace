package io.millrace.core.optim.adaptive;

import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.optim.Moments;
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
 * XGrad around Adam or AdamW: the gradient is taken at predicted weights. Guan, Li, Shi, Meng,
 * "XGrad: Boosting Gradient-Based Optimizers With Weight Prediction", arXiv:2305.18240, Algorithm 1
 * and Table 1.
 *
 * <pre>
 * what  =  theta - s lr (m / (1 - beta1^(t-1))) / (sqrt(v) / sqrt(1 - beta2^(t-1)) + eps)
 *          (theta itself at the first step; weight decay is not predicted)
 * g     =  gradient at what
 * then one step of Adam (g &lt;- g + wd theta) or AdamW (theta &lt;- theta (1 - lr wd)) on theta
 * </pre>
 *
 * <p>Deviations from the paper: none. At s = 0 it is Adam or AdamW. Memory 2d (m, v; what lives in
 * scratch space), one gradient, about 22d flops and 2d roots per step. Immutable.
 */
public final class XGradAdam implements Optimizer {
  static final Hyper S = new Hyper("s", 1, Range.integers(0, 10), "steps predicted ahead");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "xgrad_adam",
          1,
          new Source(
              "Guan, Li, Shi, Meng, XGrad: Boosting Gradient-Based Optimizers With Weight"
                  + " Prediction, arXiv:2305.18240",
              Source.Confidence.CODE),
          0.001,
          List.of(
              Moments.BETA1,
              Moments.BETA2,
              Moments.EPS,
              WeightDecay.EITHER,
              WeightDecay.IS_DECOUPLED,
              S),
          XGradAdam::new);

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;
  private final boolean decoupled;
  private final double ahead;

  XGradAdam(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(Moments.BETA2);
    eps = values.get(Moments.EPS);
    weightDecay = values.get(WeightDecay.EITHER);
    decoupled = values.flag(WeightDecay.IS_DECOUPLED);
    ahead = values.get(S);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(Moments.FIRST);
    slots.elementwise(Moments.SECOND);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(Moments.FIRST);
    double[] v = slots.get(Moments.SECOND);
    double[] g = context.workspace().array("g", theta.length);
    long t = slots.nextStep();
    double lr = context.learningRate();
    if (t == 1) {
      f.gradient(theta, g); // Both corrections would divide by 0.
    } else {
      double[] predicted = context.workspace().array("predicted", theta.length);
      double reach = ahead * lr / (1 - IntegerPower.of(beta1, t - 1));
      double root = Math.sqrt(1 - IntegerPower.of(beta2, t - 1));
      for (int i = 0; i < theta.length; i++) {
        predicted[i] = theta[i] - reach * m[i] / (Math.sqrt(v[i]) / root + eps);
      }
      f.gradient(predicted, g);
    }
    double keep = decoupled ? 1 - lr * weightDecay : 1;
    double coupled = decoupled ? 0 : weightDecay;
    double rate = lr / (1 - IntegerPower.of(beta1, t));
    double root2 = Math.sqrt(1 - IntegerPower.of(beta2, t));
    for (int i = 0; i < theta.length; i++) {
      double gi = g[i] + coupled * theta[i];
      m[i] = beta1 * m[i] + (1 - beta1) * gi;
      v[i] = beta2 * v[i] + (1 - beta2) * gi * gi;
      theta[i] = keep * theta[i] - rate * m[i] / (Math.sqrt(v[i]) / root2 + eps);
    }
  }

  /** The moments decay, and a moment that is not zero moves its parameter, at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
