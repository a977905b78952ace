package io.millrace.core.optim.schedule;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.Schedule;
import java.util.Arrays;

/**
 * A schedule refined from the gradient norms that an earlier run observed: an offline computation,
 * to be run on recorded norms. Defazio, Cutkosky, Mehta, Mishchenko, "When, Why and How Much?
 * Adaptive Learning Rate Scheduling by Refinement", arXiv:2310.07831, Algorithms 1 and 2.
 *
 * <pre>
 * wt_t    = G_t^-p               p = 2 with Euclidean norms for SGD, p = 1 with 1-norms for Adam
 * sched_t = wt_t (sum_{i &gt; t} wt_i) / (sum_i wt_i),  then scaled so that the largest is hi
 * </pre>
 *
 * <p>Deviations from the paper: the norms are taken as given, the authors smooth them by a running
 * median. With constant norms it is linear decay up to scale. O(T). Immutable.
 */
public final class Refined implements Schedule {
  private final double[] rates;

  /**
   * Plays a refined schedule.
   *
   * @param norms [T], positive, not modified, not kept
   * @param power p, 2 or 1
   * @param high the largest learning rate
   */
  public Refined(double[] norms, double power, double high) {
    double[] raw = raw(norms, power);
    double largest = Arrays.stream(raw).max().orElse(0);
    for (int i = 0; i < raw.length; i++) {
      // A single step has the schedule {0}; there is nothing to scale.
      raw[i] = largest > 0 ? high * (raw[i] / largest) : 0;
    }
    rates = raw;
  }

  @Override
  public double at(long step) {
    return step < rates.length ? rates[(int) step] : 0;
  }

  /**
   * The schedule before scaling.
   *
   * @param norms [T], positive, not modified
   * @param power p
   * @return [T], the last one 0
   * @throws ConfigException for a norm that is not positive and finite
   */
  public static double[] raw(double[] norms, double power) {
    double[] weights = new double[norms.length];
    double total = 0;
    for (int i = norms.length - 1; i >= 0; i--) {
      if (!(norms[i] > 0) || Double.isInfinite(norms[i])) {
        throw new ConfigException(
            "schedule.refined: gradient norm "
                + i
                + " is "
                + norms[i]
                + "; must be positive and finite");
      }
      weights[i] = StrictMath.pow(norms[i], -power);
      total += weights[i];
    }
    double tail = 0;
    for (int i = norms.length - 1; i >= 0; i--) {
      double weight = weights[i];
      weights[i] = weight * tail / total;
      tail += weight;
    }
    return weights;
  }
}
