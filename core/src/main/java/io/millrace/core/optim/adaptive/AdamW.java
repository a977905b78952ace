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
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * AdamW: Adam with decoupled weight decay. Loshchilov, Hutter, "Decoupled Weight Decay
 * Regularization", arXiv:1711.05101, Algorithm 2.
 *
 * <pre>
 * theta &lt;- theta (1 - lr wd)
 * m     &lt;- beta1 m + (1 - beta1) g
 * v     &lt;- beta2 v + (1 - beta2) g^2
 * theta &lt;- theta - lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 * </pre>
 *
 * <p>Deviations from the paper: the decay is multiplied by the whole learning rate, not by the
 * schedule's factor alone, as in the reference frameworks. The gradient is taken before the decay.
 * Memory 2d (m, v), one gradient, about 14d flops and d roots per step. Immutable.
 */
public final class AdamW implements Optimizer {
  static final Hyper WEIGHT_DECAY = WeightDecay.DECOUPLED.withDefault(0.01);

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "adamw",
          1,
          new Source(
              "Loshchilov, Hutter, Decoupled Weight Decay Regularization, arXiv:1711.05101",
              Source.Confidence.CODE),
          0.001,
          List.of(Moments.BETA1, Moments.BETA2, Moments.EPS, WEIGHT_DECAY),
          AdamW::new);

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;

  AdamW(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(Moments.BETA2);
    eps = values.get(Moments.EPS);
    weightDecay = values.get(WEIGHT_DECAY);
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
    f.gradient(theta, g);
    long t = slots.nextStep();
    double lr = context.learningRate();
    double keep = 1 - lr * weightDecay;
    double rate = lr / (1 - IntegerPower.of(beta1, t));
    double root2 = Math.sqrt(1 - IntegerPower.of(beta2, t));
    for (int i = 0; i < theta.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      theta[i] = theta[i] * keep - rate * m[i] / (Math.sqrt(v[i]) / root2 + eps);
    }
  }

  /** The moments decay, and a moment that is not zero moves its parameter, at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
