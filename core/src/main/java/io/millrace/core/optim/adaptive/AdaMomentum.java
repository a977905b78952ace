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
 * AdaMomentum: the second moment is that of the momentum. Wang et al., "Rethinking Adam: A Twofold
 * Exponential Moving Average Approach", arXiv:2106.11514, Algorithm 1.
 *
 * <pre>
 * theta &lt;- theta (1 - lr wd)     (decoupled weight decay)
 * m     &lt;- beta1 m + (1 - beta1) g
 * v     &lt;- beta2 v + (1 - beta2) m^2 + eps
 * theta &lt;- theta - lr / (1 - beta1^t) m / sqrt(v / (1 - beta2^t))
 * </pre>
 *
 * <p>eps is added to what is kept, at every step, where it grows to about eps / (1 - beta2);
 * nothing is added after the root. Deviations from the paper: none known, the rule is that of a
 * third party's port. Memory 2d (m, v), one gradient, about 14d flops and d roots per step.
 * Immutable.
 */
public final class AdaMomentum implements Optimizer {
  static final Hyper EPS =
      new Hyper("eps", 1e-8, Range.positive(), "added to the second moment at every step");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "adamomentum",
          1,
          new Source(
              "Wang et al., Rethinking Adam: A Twofold Exponential Moving Average Approach,"
                  + " arXiv:2106.11514",
              Source.Confidence.CODE_READ),
          0.001,
          List.of(Moments.BETA1, Moments.BETA2, EPS, WeightDecay.DECOUPLED),
          AdaMomentum::new);

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;

  AdaMomentum(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(Moments.BETA2);
    eps = values.get(EPS);
    weightDecay = values.get(WeightDecay.DECOUPLED);
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
    double scale2 = 1 / (1 - IntegerPower.of(beta2, t));
    for (int i = 0; i < theta.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * m[i] * m[i] + eps;
      theta[i] = keep * theta[i] - rate * m[i] / Math.sqrt(v[i] * scale2);
    }
  }

  /** The moments decay, and a moment that is not zero moves its parameter, at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
