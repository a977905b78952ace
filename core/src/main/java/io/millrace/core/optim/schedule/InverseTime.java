package io.millrace.core.optim.schedule;

import io.millrace.core.optim.Schedule;
import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Decay with a power of time. Bottou, "Stochastic Gradient Descent Tricks", Neural Networks: Tricks
 * of the Trade (2012), section 5.2.
 *
 * <pre>
 * lr_t = hi / (1 + rate t)^power
 * </pre>
 *
 * <p>Deviations from the source: the exponent, which is 1 there. Immutable.
 *
 * @param high learning rate at the first step
 * @param rate how fast the decay sets in
 * @param power 1 for strongly convex losses, 0.5 for convex ones, less to follow drift
 */
public record InverseTime(double high, double rate, double power) implements Schedule {
  static final Hyper RATE =
      new Hyper("decay-rate", 1e-3, Range.nonNegative(), "1 / steps until the decay sets in");
  static final Hyper POWER = new Hyper("power", 1, Range.closed(0, 1), "exponent of the decay");

  public static final ScheduleSpec SPEC =
      new ScheduleSpec(
          "inverse-time",
          new Source(
              "Bottou, Stochastic Gradient Descent Tricks, Neural Networks: Tricks of the Trade"
                  + " (2012)",
              Source.Confidence.DERIVED),
          List.of(RATE, POWER),
          (rate, v) -> new InverseTime(rate, v.get(RATE), v.get(POWER)));

  @Override
  public double at(long step) {
    double base = 1 + rate * step;
    return high / (power == 1 ? base : StrictMath.pow(base, power));
  }
}
