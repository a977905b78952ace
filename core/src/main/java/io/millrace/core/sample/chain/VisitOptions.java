package io.millrace.core.sample.chain;

import io.millrace.core.optim.Schedule;

/**
 * A visit of a chain to a client.
 *
 * @param localSteps L, at least 1
 * @param stepSize h by the number of steps that the chain has taken; positive
 * @param temperature T, at least 0; 1 samples the posterior, 0 descends
 * @param largest size that a parameter may have; beyond it the visit has diverged
 */
public record VisitOptions(int localSteps, Schedule stepSize, double temperature, double largest) {
  /** A bound on parameters that no posterior of scaled data comes near. */
  public static final double LARGEST = 1e12;

  public VisitOptions {
    if (localSteps < 1
        || !(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)
        || !(largest > 0)) {
      throw new IllegalStateException(
          localSteps + " local steps at temperature " + temperature + " up to " + largest);
    }
  }

  /** With a constant step size at temperature 1. */
  public static VisitOptions of(int localSteps, double stepSize) {
    return new VisitOptions(localSteps, t -> stepSize, 1, LARGEST);
  }

  /** The same at another temperature. */
  public VisitOptions at(double otherTemperature) {
    return new VisitOptions(localSteps, stepSize, otherTemperature, largest);
  }
}
