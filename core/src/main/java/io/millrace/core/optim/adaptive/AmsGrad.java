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
 * AMSGrad: Adam whose second moment never falls. Reddi, Kale, Kumar, "On the Convergence of Adam
 * and Beyond", arXiv:1904.09237, Algorithm 2.
 *
 * <pre>
 * g     &lt;- g + wd theta          (coupled weight decay)
 * m     &lt;- beta1 m + (1 - beta1) g
 * v     &lt;- beta2 v + (1 - beta2) g^2
 * vmax  &lt;- max(vmax, v)
 * theta &lt;- theta - lr / (1 - beta1^t) m / (sqrt(vmax) / sqrt(1 - beta2^t) + eps)
 * </pre>
 *
 * <p>Deviations from the paper: bias correction and eps as in Adam, no projection, and the optional
 * weight decay; the maximum is over the uncorrected v, as in the reference framework. Memory 3d (m,
 * v, vmax), one gradient, about 15d flops and d roots per step. Immutable.
 */
public final class AmsGrad implements Optimizer {
  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "amsgrad",
          1,
          new Source(
              "Reddi, Kale, Kumar, On the Convergence of Adam and Beyond, arXiv:1904.09237",
              Source.Confidence.CODE),
          0.001,
          List.of(Moments.BETA1, Moments.BETA2, Moments.EPS, WeightDecay.COUPLED),
          AmsGrad::new);

  private static final String LARGEST = "vmax";

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;

  AmsGrad(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(Moments.BETA2);
    eps = values.get(Moments.EPS);
    weightDecay = values.get(WeightDecay.COUPLED);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(Moments.FIRST);
    slots.elementwise(Moments.SECOND);
    slots.elementwise(LARGEST);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(Moments.FIRST);
    double[] v = slots.get(Moments.SECOND);
    double[] vmax = slots.get(LARGEST);
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
      vmax[i] = Math.max(vmax[i], v[i]);
      theta[i] -= rate * m[i] / (Math.sqrt(vmax[i]) / root2 + eps);
    }
  }

  /** The moments decay, and a moment that is not zero moves its parameter, at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
