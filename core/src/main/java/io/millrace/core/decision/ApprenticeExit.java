package io.millrace.core.decision;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import java.util.List;
import java.util.Map;

/**
 * Decides when a policy that has learned in the shadow of a baseline may act: at the first event,
 * of at least so many, at which the share of events where it would have done the same is above a
 * threshold for certain, by the one-sided {@link EmpiricalBernstein} bound. Looking after every
 * event costs nothing.
 *
 * <p>Agreement says that the policy is no worse than imitation. Whether it is better is a question
 * for {@link PromotionGate} on off-policy gains.
 *
 * <p>Memory {@link #LENGTH} doubles. Immutable; the numbers are in the caller's block, zeros at
 * first.
 */
public final class ApprenticeExit {
  public static final Hyper THRESHOLD =
      new Hyper(
          "threshold", 0.8, Range.halfOpen(0, 1), "share of agreement that has to be certain");

  public static final Hyper ALPHA =
      new Hyper(
          "alpha",
          0.05,
          new Range(0, true, 1, true, false),
          "probability of leaving at a true share of the threshold or less");

  public static final Hyper MIN_EVENTS =
      new Hyper("min-events", 50, Range.integers(1, 1e12), "events before leaving is considered");

  public static final List<Hyper> HYPERS = List.of(THRESHOLD, ALPHA, MIN_EVENTS);

  /** Doubles that the caller keeps. */
  public static final int LENGTH = EmpiricalBernstein.LENGTH;

  private final double threshold;
  private final double minEvents;
  private final EmpiricalBernstein bound;

  private ApprenticeExit(HyperValues values) {
    this.threshold = values.get(THRESHOLD);
    this.minEvents = values.get(MIN_EVENTS);
    this.bound = EmpiricalBernstein.oneSided(values.get(ALPHA));
  }

  /**
   * With the given values, and the defaults of the others.
   *
   * @throws io.millrace.core.ConfigException for an unknown name or a value out of range
   */
  public static ApprenticeExit of(Map<String, Double> values) {
    return new ApprenticeExit(HyperValues.of("apprentice", HYPERS, values));
  }

  /**
   * Takes an event.
   *
   * @param agrees whether the policy would have done what the baseline did
   */
  public void take(double[] b, int at, boolean agrees) {
    bound.take(b, at, agrees ? 1 : 0);
  }

  /** Share of events at which the two agree; NaN of none. */
  public static double share(double[] b, int at) {
    return EmpiricalBernstein.mean(b, at);
  }

  /** Lower bound on the share that holds at all times; 0 at first. */
  public static double lower(double[] b, int at) {
    return EmpiricalBernstein.runningLower(b, at);
  }

  /** Whether the policy may act: once true it stays so. */
  public boolean mayLeave(double[] b, int at) {
    return EmpiricalBernstein.count(b, at) >= minEvents && lower(b, at) > threshold;
  }
}
