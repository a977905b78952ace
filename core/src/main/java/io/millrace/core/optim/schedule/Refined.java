package io.millrace.core.optim.schedule;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.Schedule;
import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * A schedule refined from the gradient norms that an earlier run observed. Defazio, Cutkosky,
 * Mehta, Mishchenko, "When, Why and How Much? Adaptive Learning Rate Scheduling by Refinement",
 * arXiv:2310.07831, Algorithms 1 and 2.
 *
 * <pre>
 * wt_t    = G_t^-p               p = 2 with Euclidean norms for SGD, p = 1 with 1-norms for Adam
 * sched_t = wt_t (sum_{i &gt; t} wt_i) / (sum_i wt_i),  then scaled so that the largest is hi
 * </pre>
 *
 * <p>There are n norms for T steps, each for T / n of them: a long run needs no norm per step.
 * Deviations from the paper: that, where T is more than n; the norms are taken as given, the
 * authors smooth them by a running median. With constant norms it is linear decay up to scale.
 * Memory n, O(1) per step. Immutable.
 */
public final class Refined implements Schedule {
  static final Hyper NORMS =
      Hyper.list("norms", 1, Range.positive(), "observed norm of the gradient, G");
  static final Hyper POWER =
      new Hyper(
          "power",
          2,
          Range.integers(1, 2),
          "p: 2 for Euclidean norms and SGD, 1 for 1-norms and Adam");
  static final Hyper TOTAL =
      new Hyper(
          "total",
          0,
          Range.integers(0, 1e12),
          "steps until the learning rate is 0, T; 0: as many as norms");

  public static final ScheduleSpec SPEC =
      new ScheduleSpec(
          "refined",
          new Source(
              "Defazio, Cutkosky, Mehta, Mishchenko, When, Why and How Much? Adaptive Learning"
                  + " Rate Scheduling by Refinement, arXiv:2310.07831",
              Source.Confidence.CODE),
          List.of(NORMS, POWER, TOTAL),
          (rate, v) -> new Refined(v.list(NORMS), v.get(POWER), (long) v.get(TOTAL), rate));

  /** Weight of the first norm. */
  private final double unit;

  private final double[] weights;

  /** First step of each norm, and T behind the last. */
  private final long[] from;

  /** Sum of the weights of all steps from the first of each norm on. */
  private final double[] tails;

  private final double high;

  /** Share of the learning rate at the step where it is greatest. */
  private final double largest;

  private Refined(double[] norms, double power, long total, double high) {
    int n = norms.length;
    long steps = total == 0 ? n : total;
    if (n < 2 || steps < n) {
      throw new ConfigException(
          "schedule.refined: "
              + n
              + " norms for "
              + steps
              + " steps; give at least 2 ('norms', 'norms-2', ...) and at least as many steps");
    }
    unit = StrictMath.pow(norms[0], -power);
    weights = new double[n];
    from = new long[n + 1];
    tails = new double[n + 1];
    for (int i = 0; i <= n; i++) {
      from[i] = (i * steps + n - 1) / n;
    }
    for (int i = n - 1; i >= 0; i--) {
      // Only the ratios of norms matter: by the first, neither end of the range is in the way.
      weights[i] = StrictMath.pow(norms[i] / norms[0], -power);
      tails[i] = tails[i + 1] + (from[i + 1] - from[i]) * weights[i];
    }
    double most = 0;
    for (int i = 0; i < n; i++) {
      most = Math.max(most, relative(from[i])); // within a norm's steps it falls
    }
    if (!(most > 0 && most < Double.POSITIVE_INFINITY)) {
      throw new ConfigException(
          "schedule.refined: the norms are too far apart, the largest share of the learning rate is "
              + most
              + "; must be above 0 and finite");
    }
    this.high = high;
    largest = most;
  }

  @Override
  public double at(long step) {
    return high * (relative(step) / largest);
  }

  /**
   * The schedule before it is scaled.
   *
   * @param step from 0
   */
  public double share(long step) {
    return unit * relative(step);
  }

  /** The same in parts of the first weight. */
  private double relative(long step) {
    int n = weights.length;
    if (step >= from[n]) {
      return 0;
    }
    int i = (int) Math.min(n - 1, (double) step * n / from[n]);
    while (from[i] > step) {
      i--;
    }
    while (from[i + 1] <= step) {
      i++;
    }
    double later = tails[i + 1] + (from[i + 1] - step - 1) * weights[i];
    return weights[i] * later / tails[0];
  }
}
