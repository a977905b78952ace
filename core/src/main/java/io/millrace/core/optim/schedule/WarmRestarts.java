package io.millrace.core.optim.schedule;

import io.millrace.core.optim.Schedule;
import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Cosine annealing with warm restarts (SGDR). Loshchilov, Hutter, "SGDR: Stochastic Gradient
 * Descent with Warm Restarts", arXiv:1608.03983, equation 5.
 *
 * <pre>
 * lr_t = lo + (hi - lo) (1 + cos(pi Tcur / Ti)) / 2      Tcur from 0; at Ti: Tcur = 0, Ti *= factor
 * </pre>
 *
 * <p>Deviations from the paper: Tcur counts steps, not epochs. A step costs one cosine and as many
 * divisions as there were periods of growing length. Immutable.
 *
 * @param high learning rate at a restart
 * @param low learning rate at the end of a period
 * @param period steps of the first period
 * @param factor by which each period is longer than the one before
 */
public record WarmRestarts(double high, double low, long period, long factor) implements Schedule {
  static final Hyper PERIOD =
      new Hyper("period", 1000, Range.integers(1, 1e15), "steps until the first restart");
  static final Hyper FACTOR =
      new Hyper("period-factor", 2, Range.integers(1, 1e6), "growth of the period at a restart");
  static final Hyper LOW =
      new Hyper("minimum", 0, Range.nonNegative(), "learning rate at the end of a period");

  public static final ScheduleSpec SPEC =
      new ScheduleSpec(
          "warm-restarts",
          new Source(
              "Loshchilov, Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts,"
                  + " arXiv:1608.03983",
              Source.Confidence.CODE),
          List.of(PERIOD, FACTOR, LOW),
          (rate, v) -> {
            Checks.minimumBelow("warm-restarts", v.get(LOW), rate);
            return new WarmRestarts(rate, v.get(LOW), (long) v.get(PERIOD), (long) v.get(FACTOR));
          });

  @Override
  public double at(long step) {
    long current = step;
    long length = period;
    if (factor == 1) {
      current = step % period;
    } else {
      // current >= length before multiplying, so length stays below factor times the step count.
      while (current >= length) {
        current -= length;
        length = length > Long.MAX_VALUE / factor ? Long.MAX_VALUE : length * factor;
      }
    }
    double cosine = StrictMath.cos(Math.PI * current / length);
    return low + 0.5 * (high - low) * (1 + cosine);
  }
}
