package io.millrace.core.optim.parameterfree;

import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;

/**
 * What the schedule-free methods share: the weight of the newest point in the average, and the
 * average itself, which is not kept but follows from y (the parameters) and z.
 */
final class ScheduleFree {
  static final Hyper WARMUP =
      new Hyper(
          "warmup-steps", 0, Range.integers(0, 1e15), "steps until the learning rate is full");
  static final Hyper R =
      new Hyper("r", 0, Range.integers(0, 16), "power of the step's number in its weight");
  static final Hyper POWER =
      new Hyper("weight-lr-power", 2, Range.integers(0, 16), "power of the rate in the weight");

  static final String BASE = "z";
  static final String WEIGHTS = "weights";

  private static final int SUM = 0;
  private static final int LARGEST_RATE = 1;

  private final double warmup;
  private final long r;
  private final long power;

  ScheduleFree(HyperValues values) {
    warmup = values.get(WARMUP);
    r = (long) values.get(R);
    power = (long) values.get(POWER);
  }

  static void declareSlots(Slots.Declaration slots) {
    slots.elementwise(BASE);
    slots.block(WEIGHTS, 2);
  }

  static void initialize(double[] theta, Slots slots) {
    System.arraycopy(theta, 0, slots.get(BASE), 0, theta.length);
  }

  /** The learning rate of this step: it rises linearly over the warm-up. */
  double rate(Slots slots, StepContext context) {
    double lr = context.learningRate();
    return slots.nextStep() < warmup ? lr * (slots.nextStep() / warmup) : lr;
  }

  /** c: the share of the newest z in the average; counts the step. */
  double share(double rate, Slots slots) {
    double[] w = slots.get(WEIGHTS);
    w[LARGEST_RATE] = Math.max(w[LARGEST_RATE], rate);
    double weight = IntegerPower.of(slots.nextStep(), r) * IntegerPower.of(w[LARGEST_RATE], power);
    w[SUM] += weight;
    return w[SUM] == 0 ? 0 : weight / w[SUM]; // A rate so small that its power is 0.
  }

  /** x = (y - (1 - beta) z) / beta. */
  static void publish(double[] y, double[] z, double beta, double[] out) {
    for (int i = 0; i < y.length; i++) {
      out[i] = (y[i] - (1 - beta) * z[i]) / beta;
    }
  }
}
