package io.millrace.core.optim.schedule;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.Schedule;
import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Locale;

/**
 * Warm up, hold, decay (WSD). Hu et al., "MiniCPM: Unveiling the Potential of Small Language Models
 * with Scalable Training Strategies", arXiv:2404.06395, section 4.2.
 *
 * <pre>
 * t &lt; W          hi (t + 1) / W
 * t &lt; T - D      hi
 * t &lt; T          hi (1 - x) + lo x,   x = (t - (T - D)) / D
 * later          lo
 * </pre>
 *
 * <p>Deviations from the paper: the decay is linear; without a total the stable phase is
 * open-ended, which is what a stream needs. Immutable.
 *
 * @param high learning rate of the stable phase
 * @param low learning rate after the decay
 * @param warmup W, may be 0
 * @param decay D, may be 0
 * @param total T, infinite for an open end
 */
public record WarmupStableDecay(double high, double low, double warmup, double decay, double total)
    implements Schedule {
  static final Hyper WARMUP =
      new Hyper("warmup", 0, Range.integers(0, 1e15), "steps of linear warm-up");
  static final Hyper DECAY =
      new Hyper("decay", 0, Range.integers(0, 1e15), "steps of linear decay at the end");
  static final Hyper TOTAL =
      new Hyper(
          "total",
          Double.POSITIVE_INFINITY,
          Range.integers(1, Double.POSITIVE_INFINITY),
          "steps until the decay is over; infinite: never decays");
  static final Hyper LOW =
      new Hyper("minimum", 0, Range.nonNegative(), "learning rate after the decay");

  public static final ScheduleSpec SPEC =
      new ScheduleSpec(
          "warmup-stable-decay",
          new Source(
              "Hu et al., MiniCPM: Unveiling the Potential of Small Language Models with Scalable"
                  + " Training Strategies, arXiv:2404.06395",
              Source.Confidence.DERIVED),
          List.of(WARMUP, DECAY, TOTAL, LOW),
          (rate, v) -> {
            Checks.minimumBelow("warmup-stable-decay", v.get(LOW), rate);
            double warmup = v.get(WARMUP);
            double decay = v.get(DECAY);
            double total = v.get(TOTAL);
            if (warmup + decay > total) {
              throw new ConfigException(
                  String.format(
                      Locale.ROOT,
                      "schedule.warmup-stable-decay: warmup %.0f + decay %.0f = %.0f, must be at"
                          + " most total = %.0f; raise total or shorten a phase",
                      warmup,
                      decay,
                      warmup + decay,
                      total));
            }
            if (decay > 0 && Double.isInfinite(total)) {
              throw new ConfigException(
                  String.format(
                      Locale.ROOT,
                      "schedule.warmup-stable-decay: decay = %.0f has no effect because total is"
                          + " not set; set total or leave decay out",
                      decay));
            }
            return new WarmupStableDecay(rate, v.get(LOW), warmup, decay, total);
          });

  @Override
  public double at(long step) {
    if (step < warmup) {
      return high * (step + 1) / warmup;
    }
    double start = total - decay;
    if (step < start) {
      return high;
    }
    if (step >= total) {
      return low;
    }
    double x = (step - start) / decay;
    return high * (1 - x) + low * x;
  }
}
