package io.millrace.core.optim.schedule;

import io.millrace.core.optim.Schedule;
import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Warm up, then decay with the inverse square root of the step: the rate that online convex
 * optimization asks for when the horizon is unknown. Zinkevich, "Online Convex Programming and
 * Generalized Infinitesimal Gradient Ascent", ICML 2003, theorem 1; warm-up as in Vaswani et al.,
 * "Attention Is All You Need", arXiv:1706.03762, section 5.3.
 *
 * <pre>
 * lr_t = hi min((t + 1) / W, sqrt(W / (t + 1)))
 * </pre>
 *
 * <p>Deviations from the papers: hi is the peak, not scaled by the model's width. Immutable.
 *
 * @param high learning rate at the end of the warm-up
 * @param warmup W, at least 1 (no warm-up)
 */
public record InverseSqrt(double high, double warmup) implements Schedule {
  static final Hyper WARMUP =
      new Hyper("warmup", 1, Range.integers(1, 1e15), "steps of linear warm-up; 1: none");

  public static final ScheduleSpec SPEC =
      new ScheduleSpec(
          "inverse-sqrt",
          new Source(
              "Zinkevich, Online Convex Programming and Generalized Infinitesimal Gradient Ascent,"
                  + " ICML 2003",
              Source.Confidence.DERIVED),
          List.of(WARMUP),
          (rate, v) -> new InverseSqrt(rate, v.get(WARMUP)));

  @Override
  public double at(long step) {
    double t = step + 1.0;
    return t < warmup ? high * t / warmup : high * Math.sqrt(warmup / t);
  }
}
