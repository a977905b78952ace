package io.millrace.core.optim.variance;

import io.millrace.core.compute.Vectors;
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
 * MARS-Lion: the sign of a momentum of variance-reduced gradients. Yuan et al., "MARS: Unleashing
 * the Power of Variance Reduction for Training Large Models", arXiv:2411.10438, Algorithm 3.
 *
 * <pre>
 * c     = clip_1(g + gamma beta1 / (1 - beta1) (g - gLast)),   gLast &lt;- g
 * m     &lt;- beta1 m + (1 - beta1) c
 * theta &lt;- theta - lr (wd theta + sign(m))
 * </pre>
 *
 * <p>One beta: the sign is of the updated m, unlike Lion's. sign(0) = 0. Deviations from the paper:
 * as for {@link MarsAdamW}. Memory 2d (m, gLast), one gradient, about 12d flops per step.
 * Immutable.
 */
public final class MarsLion implements Optimizer {
  /** Of the authors' code, where no rule reads it. */
  static final Hyper EPS =
      new Hyper("eps", 1e-8, Range.nonNegative(), "without effect; in the authors' options");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "mars_lion",
          1,
          new Source(MarsCorrection.PAPER, Source.Confidence.CODE),
          0.003,
          List.of(MarsCorrection.BETA1, EPS, WeightDecay.DECOUPLED, MarsCorrection.GAMMA),
          MarsLion::new);

  private static final String MOMENTUM = "m";
  private static final String LAST = "g-last";

  private final double beta1;
  private final double gamma;
  private final double weightDecay;

  MarsLion(HyperValues values) {
    beta1 = values.get(MarsCorrection.BETA1);
    gamma = values.get(MarsCorrection.GAMMA);
    weightDecay = values.get(WeightDecay.DECOUPLED);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(MOMENTUM);
    slots.elementwise(LAST);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(MOMENTUM);
    double[] last = slots.get(LAST);
    double[] g = context.workspace().array("g", theta.length);
    double[] c = context.workspace().array("c", theta.length);
    f.gradient(theta, g);
    MarsCorrection.apply(g, last, gamma, beta1, f.layout(), c);
    System.arraycopy(g, 0, last, 0, g.length);
    double lr = context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * c[i];
      theta[i] -= lr * (weightDecay * theta[i] + Vectors.sign(m[i]));
    }
  }

  /** The norm that clips is a tensor's. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
