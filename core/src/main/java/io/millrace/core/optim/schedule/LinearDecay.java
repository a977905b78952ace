package io.millrace.core.optim.schedule;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.Schedule;
import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Linear decay to zero. Defazio, Cutkosky, Mehta, Mishchenko, "When, Why and How Much? Adaptive
 * Learning Rate Scheduling by Refinement", arXiv:2310.07831, corollary 2.
 *
 * <pre>
 * lr_t = hi (1 - (t + 1) / T),   0 from step T - 1 on
 * </pre>
 *
 * <p>Deviations from the paper: none. Immutable.
 *
 * @param high learning rate that the decay starts from
 * @param total T, steps until it is zero
 */
public record LinearDecay(double high, double total) implements Schedule {
  static final Hyper TOTAL =
      new Hyper(
          "total",
          Double.POSITIVE_INFINITY,
          Range.integers(1, Double.POSITIVE_INFINITY),
          "steps until the learning rate is 0; has to be set");

  public static final ScheduleSpec SPEC =
      new ScheduleSpec(
          "linear-decay",
          new Source(
              "Defazio, Cutkosky, Mehta, Mishchenko, When, Why and How Much? Adaptive Learning"
                  + " Rate Scheduling by Refinement, arXiv:2310.07831",
              Source.Confidence.DERIVED),
          List.of(TOTAL),
          (rate, v) -> {
            if (Double.isInfinite(v.get(TOTAL))) {
              throw new ConfigException(
                  "schedule.linear-decay: total is not set; set the number of steps after which"
                      + " the learning rate is 0");
            }
            return new LinearDecay(rate, v.get(TOTAL));
          });

  @Override
  public double at(long step) {
    return Math.max(0, high * (1 - (step + 1) / total));
  }
}
