package io.millrace.core.optim.variance;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;

/**
 * The gradient over a large batch at a point that rests. A stream has no large batch at hand, so it
 * is collected: mini-batch after mini-batch is differentiated at the resting point, each once,
 * until there are enough, and the mean is the answer. Nothing is kept of the events. Immutable;
 * memory d and a counter.
 */
final class AnchorBatch {
  static final Hyper STEPS =
      new Hyper(
          "anchor-steps",
          8,
          Range.integers(1, 1_000_000),
          "mini-batches that make a large batch, while the parameters rest");

  private static final String SUM = "anchor-sum";
  private static final String COUNT = "anchor-count";

  private final long steps;

  AnchorBatch(HyperValues values) {
    steps = (long) values.get(STEPS);
  }

  void declareSlots(Slots.Declaration slots) {
    slots.elementwise(SUM);
    slots.block(COUNT, 1);
  }

  /** As below, of the configured number of mini-batches. */
  boolean gradient(Objective f, double[] theta, Slots slots, StepContext context, double[] out) {
    return gradient(f, theta, 1, slots, context, out);
  }

  /**
   * Takes one mini-batch; called again with the same point at the next step while it returns false.
   *
   * @param size large batches that this one is to be made of, at least 1
   * @param out the gradient, where it is complete; else left alone
   * @return whether it is complete
   */
  boolean gradient(
      Objective f, double[] theta, double size, Slots slots, StepContext context, double[] out) {
    double[] sum = slots.get(SUM);
    double[] count = slots.get(COUNT);
    double[] g = context.workspace().array("anchor-part", theta.length);
    f.gradient(theta, g);
    count[0]++;
    for (int i = 0; i < theta.length; i++) {
      sum[i] += g[i];
    }
    if (count[0] < steps * size) {
      return false;
    }
    for (int i = 0; i < theta.length; i++) {
      out[i] = sum[i] / count[0];
      sum[i] = 0;
    }
    count[0] = 0;
    return true;
  }
}
