package io.millrace.core.optim.adaptive;

import io.millrace.core.compute.Elementary;
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
 * diffGrad: Adam, slowed down where the gradient hardly changes. Dubey et al., "diffGrad: An
 * Optimization Method for Convolutional Neural Networks", arXiv:1909.11015.
 *
 * <pre>
 * g     &lt;- g + wd theta          (coupled weight decay)
 * m     &lt;- beta1 m + (1 - beta1) g
 * v     &lt;- beta2 v + (1 - beta2) g^2
 * xi    =  1 / (1 + exp(-|gprev - g|)),  gprev &lt;- g
 * theta &lt;- theta - lr sqrt(1 - beta2^t) / (1 - beta1^t) m xi / (sqrt(v) + eps)
 * </pre>
 *
 * <p>This is the authors' second file; their first one compares the gradient with itself.
 * Deviations from the paper: eps stands beside the root that is not corrected, as in the code.
 * Memory 3d (m, v, gprev), one gradient, about 18d flops, d roots and d exponentials per step.
 * Immutable.
 */
public final class DiffGrad implements Optimizer {
  static final Hyper EPS =
      new Hyper("eps", 1e-8, Range.positive(), "added to the uncorrected root");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "diffgrad",
          1,
          new Source(
              "Dubey et al., diffGrad: An Optimization Method for Convolutional Neural Networks,"
                  + " arXiv:1909.11015",
              Source.Confidence.CODE),
          0.001,
          List.of(Moments.BETA1, Moments.BETA2, EPS, WeightDecay.COUPLED),
          DiffGrad::new);

  private static final String PREVIOUS = "gprev";

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;

  DiffGrad(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(Moments.BETA2);
    eps = values.get(EPS);
    weightDecay = values.get(WeightDecay.COUPLED);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(Moments.FIRST);
    slots.elementwise(Moments.SECOND);
    slots.elementwise(PREVIOUS);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(Moments.FIRST);
    double[] v = slots.get(Moments.SECOND);
    double[] previous = slots.get(PREVIOUS);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    long t = slots.nextStep();
    double rate =
        context.learningRate()
            * Math.sqrt(1 - IntegerPower.of(beta2, t))
            / (1 - IntegerPower.of(beta1, t));
    for (int i = 0; i < theta.length; i++) {
      double gi = g[i] + weightDecay * theta[i];
      m[i] = beta1 * m[i] + (1 - beta1) * gi;
      v[i] = beta2 * v[i] + (1 - beta2) * gi * gi;
      double perFriction = 1 + Elementary.exp(-Math.abs(previous[i] - gi));
      previous[i] = gi;
      theta[i] -= rate * m[i] / (perFriction * (Math.sqrt(v[i]) + eps));
    }
  }

  /** The moments decay, and a moment that is not zero moves its parameter, at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
