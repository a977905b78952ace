package io.millrace.core.sample.posterior;

import java.util.Locale;

/**
 * Whether a posterior may be relied on, and if not, why. It may where chains agree, are worth
 * enough independent draws, none has diverged, and estimated gradients add little to the noise that
 * is meant. A bias that all chains share is not seen here but for that one.
 *
 * @param reliable whether it may
 * @param reason empty, or what is wrong and what to do
 */
public record Reliability(boolean reliable, String reason) {
  /** Most that split R-hat of any parameter may be. */
  public static final double MOST_RHAT = 1.01;

  /** Least effective sample size of any parameter, for each chain. */
  public static final double LEAST_ESS = 100;

  /** Most that estimated gradients may add to the noise, as a part of it. */
  public static final double MOST_NOISE = 0.1;

  /**
   * Judges.
   *
   * @param rhat greatest split R-hat of the parameters; NaN: too few draws
   * @param ess least effective sample size of the parameters, for each chain
   * @param diverged visits taken back since the epoch began
   * @param noise mean of {@code Chain.noiseRatio}; NaN: not measured
   */
  public static Reliability of(double rhat, double ess, long diverged, double noise) {
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
    if (noise > MOST_NOISE) {
      return new Reliability(
          false,
          String.format(
              Locale.ROOT,
              "mini-batches add %.2f of the noise that is meant, must be at most %.2f; take a"
                  + " smaller step size, larger mini-batches or a control variate",
              noise,
              MOST_NOISE));
    }
    return new Reliability(true, "");
  }
}
