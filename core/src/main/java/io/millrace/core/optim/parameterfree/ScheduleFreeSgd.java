package io.millrace.core.optim.parameterfree;

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
 * Schedule-free SGD: averaging in place of a decaying learning rate. Defazio et al., "The Road Less
 * Scheduled", arXiv:2405.15682, equations 1 to 3.
 *
 * <pre>
 * lr_k  =  lr min(1, k / warmup-steps),  lrmax &lt;- max(lrmax, lr_k)       k from 1
 * w     =  k^r lrmax^p,  S &lt;- S + w,  c = w / S
 * G     =  g(y) + wd y
 * z     &lt;- z - lr_k G
 * x     &lt;- (1 - c) x + c z
 * y     &lt;- beta x + (1 - beta) z           beta: momentum
 * </pre>
 *
 * <p>The parameters stepped on are y; published is x. Only y and z are kept: y' = (1 - c) y + c z +
 * lr_k (beta (1 - c) - 1) G with the old z. Deviations from the paper: none. Memory d + 2 (z, S and
 * lrmax), one gradient and 12d flops per step. Immutable.
 */
public final class ScheduleFreeSgd implements Optimizer {
  static final Hyper MOMENTUM =
      new Hyper(
          "momentum", 0.9, new Range(0, true, 1, false, false), "beta, share of x in y; not 0");
  static final Hyper WEIGHT_DECAY =
      new Hyper("weight-decay", 0, Range.nonNegative(), "coupled L2 weight decay, taken at y");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "schedulefree_sgd",
          1,
          new Source(
              "Defazio et al., The Road Less Scheduled, arXiv:2405.15682", Source.Confidence.CODE),
          1,
          List.of(MOMENTUM, WEIGHT_DECAY, ScheduleFree.WARMUP, ScheduleFree.R, ScheduleFree.POWER),
          ScheduleFreeSgd::new);

  private final ScheduleFree average;
  private final double beta;
  private final double weightDecay;

  ScheduleFreeSgd(HyperValues values) {
    average = new ScheduleFree(values);
    beta = values.get(MOMENTUM);
    weightDecay = values.get(WEIGHT_DECAY);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    ScheduleFree.declareSlots(slots);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    ScheduleFree.initialize(theta, slots);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] z = slots.get(ScheduleFree.BASE);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    double rate = average.rate(slots, context);
    double c = average.share(rate, slots);
    double along = rate * (beta * (1 - c) - 1);
    for (int i = 0; i < theta.length; i++) {
      double gi = g[i] + weightDecay * theta[i];
      theta[i] = (1 - c) * theta[i] + c * z[i] + along * gi;
      z[i] -= rate * gi;
    }
  }

  @Override
  public void publish(double[] theta, Slots slots, double[] out) {
    ScheduleFree.publish(theta, slots.get(ScheduleFree.BASE), beta, out);
  }

  @Override
  public boolean publishesAnotherPoint() {
    return true;
  }

  /** y and z pull at each other at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
