package io.millrace.core.optim.adaptive;

import io.millrace.core.optim.Moments;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * Optimistic AMSGrad: a step in advance with a guess of the next gradient. Wang, Li, Karimi, Li,
 * "An Optimistic Acceleration of AMSGrad for Nonconvex Optimization", arXiv:1903.01435. The rule is
 * [memory]: recalled from the paper, no source text was at hand.
 *
 * <pre>
 * m     &lt;- beta1 m + (1 - beta1) g                          (the paper's theta)
 * v     &lt;- beta2 v + (1 - beta2) (g - guess)^2,  vhat &lt;- max(vhat, v),  v_0 = vhat_0 = eps
 * whalf &lt;- whalf - lr m / sqrt(vhat),  whalf_0 = theta_0
 * guess &lt;- g
 * theta &lt;- whalf - lr (beta1 m + (1 - beta1) guess) / sqrt(vhat)
 * </pre>
 *
 * <p>Deviations from the paper: the guess is the last gradient, the paper's extrapolation from
 * several gradients is left out; where the paper's line reads beta1 m_{t-1} the guess is of m_{t+1}
 * from m_t. Memory 5d (m, v, vhat, guess, whalf), one gradient, about 17d flops and d roots per
 * step. Immutable.
 */
public final class OptAmsGrad implements Optimizer {
  static final Hyper EPS =
      new Hyper("eps", 1e-8, Range.positive(), "the second moment before the first step");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "opt_amsgrad",
          1,
          new Source(
              "Wang, Li, Karimi, Li, An Optimistic Acceleration of AMSGrad for Nonconvex"
                  + " Optimization, arXiv:1903.01435",
              Source.Confidence.MEMORY),
          0.001,
          List.of(Moments.BETA1, Moments.BETA2, EPS),
          OptAmsGrad::new);

  private static final String LARGEST = "vhat";
  private static final String GUESS = "guess";
  private static final String HALF = "w-half";

  private final double beta1;
  private final double beta2;
  private final double eps;

  OptAmsGrad(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(Moments.BETA2);
    eps = values.get(EPS);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(Moments.FIRST);
    slots.elementwise(Moments.SECOND);
    slots.elementwise(LARGEST);
    slots.elementwise(GUESS);
    slots.elementwise(HALF);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    Arrays.fill(slots.get(Moments.SECOND), eps);
    Arrays.fill(slots.get(LARGEST), eps);
    System.arraycopy(theta, 0, slots.get(HALF), 0, theta.length);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(Moments.FIRST);
    double[] v = slots.get(Moments.SECOND);
    double[] largest = slots.get(LARGEST);
    double[] guess = slots.get(GUESS);
    double[] half = slots.get(HALF);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    double lr = context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      double off = g[i] - guess[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * off * off;
      largest[i] = Math.max(largest[i], v[i]);
      double rate = lr / Math.sqrt(largest[i]); // Never 0: it starts at eps and does not fall.
      half[i] -= rate * m[i];
      guess[i] = g[i];
      theta[i] = half[i] - rate * (beta1 * m[i] + (1 - beta1) * guess[i]);
    }
  }

  /** The moments decay, and a moment that is not zero moves its parameter, at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
