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
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Adam. Kingma, Ba, "Adam: A Method for Stochastic Optimization", arXiv:1412.6980, Algorithm 1.
 *
 * <pre>
 * g     &lt;- g + wd theta          (coupled weight decay)
 * m     &lt;- beta1 m + (1 - beta1) g
 * v     &lt;- beta2 v + (1 - beta2) g^2
 * theta &lt;- theta - lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + eps)
 * </pre>
 *
 * <p>Deviations from the paper: the optional weight decay. Memory 2d (m, v), one gradient, about
 * 14d flops and d roots per step. Immutable.
 */
public final class Adam implements Optimizer {
  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "adam",
          1,
          new Source(
              "Kingma, Ba, Adam: A Method for Stochastic Optimization, arXiv:1412.6980",
              Source.Confidence.CODE),
          0.001,
          List.of(Moments.BETA1, Moments.BETA2, Moments.EPS, WeightDecay.COUPLED),
          Adam::new);

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;

  Adam(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(Moments.BETA2);
    eps = values.get(Moments.EPS);
    weightDecay = values.get(WeightDecay.COUPLED);
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
    double rate = lr / (1 - IntegerPower.of(beta1, t));
    double root2 = Math.sqrt(1 - IntegerPower.of(beta2, t));
    for (int i = 0; i < theta.length; i++) {
      double gi = g[i] + weightDecay * theta[i];
      m[i] = beta1 * m[i] + (1 - beta1) * gi;
      v[i] = beta2 * v[i] + (1 - beta2) * gi * gi;
      theta[i] -= rate * m[i] / (Math.sqrt(v[i]) / root2 + eps);
    }
  }

  /** The moments decay, and a moment that is not zero moves its parameter, at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
