package io.millrace.core.sample.posterior;

import java.util.Locale;

/**
 * Whether a posterior may be relied on, and if not, why. It may where chains agree, are worth
 * enough independent draws, and none has diverged. A bias that all chains share is not seen here.
 *
 * @param reliable whether it may
 * @param reason empty, or what is wrong and what to do
 */
public record Reliability(boolean reliable, String reason) {
  /** Most that split R-hat of any parameter may be. */
  public static final double MOST_RHAT = 1.01;

  /** Least effective sample size of any parameter, for each chain. */
  public static final double LEAST_ESS = 100;

  /**
   * Judges.
   *
   * @param rhat greatest split R-hat of the parameters; NaN: too few draws
   * @param ess least effective sample size of the parameters, for each chain
   * @param diverged visits taken back since the epoch began
   */
  public static Reliability of(double rhat, double ess, long diverged) {
    if (diverged > 0) {
      return new Reliability(
          false, diverged + " visits diverged; take a smaller step size or shorter visits");
    }
    if (Double.isNaN(rhat) || Double.isNaN(ess)) {
      return new Reliability(false, "too few draws to judge; wait");
    }
    if (rhat >= MOST_RHAT) {
      return new Reliability(
          false,
          String.format(Locale.ROOT, "R-hat is %.3f, must be below %.2f; wait", rhat, MOST_RHAT));
    }
    if (ess <= LEAST_ESS) {
      return new Reliability(
          false,
          String.format(
              Locale.ROOT,
              "a chain is worth %.0f draws, must be above %.0f; wait",
              ess,
              LEAST_ESS));
    }
    return new Reliability(true, "");
  }
}
