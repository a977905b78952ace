package io.millrace.core.optim.parameterfree;

import io.millrace.core.linalg.IntegerPower;
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
import java.util.List;

/**
 * Schedule-free AdamW. Defazio et al., "The Road Less Scheduled", arXiv:2405.15682, Algorithm 1, as
 * in the authors' repository.
 *
 * <pre>
 * lr_k, c  as in {@link ScheduleFreeSgd}
 * v     &lt;- beta2 v + (1 - beta2) g(y)^2
 * G     =  g(y) / (sqrt(v / (1 - beta2^k)) + eps) + wd y
 * z     &lt;- z - lr_k G
 * x     &lt;- (1 - c) x + c z
 * y     &lt;- beta1 x + (1 - beta1) z
 * </pre>
 *
 * <p>The parameters stepped on are y; published is x. Deviations from the paper: its experiments
 * multiply lr_k by sqrt(1 - beta2^k) instead of correcting v; the repository's default is the form
 * above. Memory 2d + 2 (z, v, S and lrmax), one gradient, about 19d flops and d roots per step.
 * Immutable.
 */
public final class ScheduleFreeAdamW implements Optimizer {
  static final Hyper BETA1 =
      new Hyper("beta1", 0.9, new Range(0, true, 1, false, false), "share of x in y; not 0");
  static final Hyper WEIGHT_DECAY =
      new Hyper("weight-decay", 0, Range.nonNegative(), "decoupled weight decay, taken at y");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "schedulefree_adamw",
          1,
          new Source(
              "Defazio et al., The Road Less Scheduled, arXiv:2405.15682", Source.Confidence.CODE),
          0.0025,
          List.of(
              BETA1,
              Moments.BETA2,
              Moments.EPS,
              WEIGHT_DECAY,
              ScheduleFree.WARMUP,
              ScheduleFree.R,
              ScheduleFree.POWER),
          ScheduleFreeAdamW::new);

  private final ScheduleFree average;
  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;

  ScheduleFreeAdamW(HyperValues values) {
    average = new ScheduleFree(values);
    beta1 = values.get(BETA1);
    beta2 = values.get(Moments.BETA2);
    eps = values.get(Moments.EPS);
    weightDecay = values.get(WEIGHT_DECAY);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    ScheduleFree.declareSlots(slots);
    slots.elementwise(Moments.SECOND);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    ScheduleFree.initialize(theta, slots);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] z = slots.get(ScheduleFree.BASE);
    double[] v = slots.get(Moments.SECOND);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    double rate = average.rate(slots, context);
    double c = average.share(rate, slots);
    double along = rate * (beta1 * (1 - c) - 1);
    double scale2 = 1 / (1 - IntegerPower.of(beta2, slots.nextStep()));
    for (int i = 0; i < theta.length; i++) {
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      double gi = g[i] / (Math.sqrt(v[i] * scale2) + eps) + weightDecay * theta[i];
      theta[i] = (1 - c) * theta[i] + c * z[i] + along * gi;
      z[i] -= rate * gi;
    }
  }

  @Override
  public void publish(double[] theta, Slots slots, double[] out) {
    ScheduleFree.publish(theta, slots.get(ScheduleFree.BASE), beta1, out);
  }

  @Override
  public boolean publishesAnotherPoint() {
    return true;
  }

  /** y and z pull at each other, and the moment decays, at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
