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
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * MARS-AdamW, exact variant: as {@link MarsAdamW}, but gLast is the gradient of the present
 * mini-batch at the previous point. Yuan et al., "MARS: Unleashing the Power of Variance Reduction
 * for Training Large Models", arXiv:2411.10438, Algorithm 1 with an AdamW base.
 *
 * <p>In the first step gLast is 0, as in the authors' code, or g where {@code
 * first-step-zero-correction} is set. Deviations from the paper: those of {@link MarsAdamW}; gLast
 * is not clipped by itself. Memory 3d (m, v, previous point), two gradients of the same mini-batch,
 * about 20d flops per step. Immutable.
 */
public final class MarsAdamWExact implements Optimizer {
  static final Hyper ZERO_CORRECTION =
      new Hyper(
          "first-step-zero-correction",
          0,
          Range.flag(),
          "whether the first step compares the gradient with itself instead of with 0");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "mars_adamw_exact",
          1,
          new Source(MarsCorrection.PAPER, Source.Confidence.CODE),
          0.003,
          List.of(
              MarsCorrection.BETA1,
              MarsAdamBase.BETA2,
              Moments.EPS,
              WeightDecay.DECOUPLED,
              MarsCorrection.GAMMA,
              ZERO_CORRECTION),
          MarsAdamWExact::new);

  private static final String PREVIOUS = "w-previous";

  private final double beta1;
  private final double gamma;
  private final boolean zeroCorrection;
  private final MarsAdamBase base;

  MarsAdamWExact(HyperValues values) {
    beta1 = values.get(MarsCorrection.BETA1);
    gamma = values.get(MarsCorrection.GAMMA);
    zeroCorrection = values.flag(ZERO_CORRECTION);
    base = new MarsAdamBase(values);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    base.declareSlots(slots);
    slots.elementwise(PREVIOUS);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] previous = slots.get(PREVIOUS);
    double[] g = context.workspace().array("g", theta.length);
    double[] last = context.workspace().array("last", theta.length);
    double[] c = context.workspace().array("c", theta.length);
    f.gradient(theta, g);
    if (slots.steps() > 0) {
      f.gradient(previous, last);
    } else if (zeroCorrection) {
      System.arraycopy(g, 0, last, 0, g.length);
    } else {
      Arrays.fill(last, 0);
    }
    MarsCorrection.apply(g, last, gamma, beta1, f.layout(), c);
    System.arraycopy(theta, 0, previous, 0, theta.length);
    base.step(c, theta, slots, context);
  }

  /** The norm that clips is a tensor's, and the previous point has to be whole. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
