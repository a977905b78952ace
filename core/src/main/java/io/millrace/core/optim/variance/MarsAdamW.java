package io.millrace.core.optim.variance;

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
 * MARS-AdamW, approximate variant: AdamW on gradients with scaled stochastic recursive momentum.
 * Yuan et al., "MARS: Unleashing the Power of Variance Reduction for Training Large Models",
 * arXiv:2411.10438, Algorithm 2.
 *
 * <pre>
 * c     = clip_1(g + gamma beta1 / (1 - beta1) (g - gLast)),   gLast &lt;- g
 * m     &lt;- beta1 m + (1 - beta1) c
 * v     &lt;- beta2 v + (1 - beta2) c^2
 * theta &lt;- theta - lr (wd theta + m / ((sqrt(v) / sqrt(1 - beta2^t) + eps) (1 - beta1^t)))
 * </pre>
 *
 * <p>gLast is the gradient of the previous step, at its own sample and point, 0 before the first
 * step. Deviations from the paper: v is made of c, as in the authors' code; their code sends
 * vectors to plain AdamW, here every tensor is corrected. Memory 3d (m, v, gLast), one gradient,
 * about 20d flops per step. Immutable.
 */
public final class MarsAdamW implements Optimizer {
  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "mars_adamw",
          1,
          new Source(MarsCorrection.PAPER, Source.Confidence.CODE),
          0.003,
          List.of(
              MarsCorrection.BETA1,
              MarsAdamBase.BETA2,
              Moments.EPS,
              WeightDecay.DECOUPLED,
              MarsCorrection.GAMMA),
          MarsAdamW::new);

  private static final String LAST = "g-last";

  private final double beta1;
  private final double gamma;
  private final MarsAdamBase base;

  MarsAdamW(HyperValues values) {
    beta1 = values.get(MarsCorrection.BETA1);
    gamma = values.get(MarsCorrection.GAMMA);
    base = new MarsAdamBase(values);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    base.declareSlots(slots);
    slots.elementwise(LAST);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] last = slots.get(LAST);
    double[] g = context.workspace().array("g", theta.length);
    double[] c = context.workspace().array("c", theta.length);
    f.gradient(theta, g);
    MarsCorrection.apply(g, last, gamma, beta1, f.layout(), c);
    System.arraycopy(g, 0, last, 0, g.length);
    base.step(c, theta, slots, context);
  }

  /** The norm that clips is a tensor's. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
