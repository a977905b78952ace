package io.millrace.core.decision;

/**
 * The gain D of a challenger over a champion at one event, positive where the challenger is better:
 * what {@link PromotionGate} tests. Each way has a bound that D cannot pass, which the gate has to
 * know.
 */
public final class Gains {
  private Gains() {}

  /**
   * Both predict the same events, the challenger in the shadow. Bound: the largest difference of
   * two losses.
   */
  public static double ofLosses(double champion, double challenger) {
    return champion - challenger;
  }

  /**
   * The same, cut to a bound: a loss that is not finite is as bad as it can be.
   *
   * @return NaN: neither is finite
   */
  public static double cut(double champion, double challenger, double bound) {
    if (Double.isFinite(champion) && Double.isFinite(challenger)) {
      return Math.max(-bound, Math.min(bound, ofLosses(champion, challenger)));
    }
    if (Double.isFinite(champion)) {
      return -bound;
    }
    return Double.isFinite(challenger) ? bound : Double.NaN;
  }

  /**
   * One of the two serves each event, drawn by a coin. Bound: the largest reward over the smaller
   * probability.
   *
   * @param p probability with which the challenger serves, in (0, 1)
   */
  public static double ofSplit(double p, boolean challengerServed, double reward) {
    return challengerServed ? reward / p : -reward / (1 - p);
  }

  /**
   * Neither need serve: two evaluated policies on one decision log, doubly robust. Bound: {@link
   * #offPolicyBound}.
   *
   * @param weightChallenger probability of the action under the challenger over that at decision
   *     time
   * @param weightChampion the same of the champion; 1 where the champion made the log
   * @param error reward less predicted reward of the action
   * @param predictedGain predicted reward of the challenger less that of the champion
   */
  public static double offPolicy(
      double weightChallenger, double weightChampion, double error, double predictedGain) {
    return (weightChallenger - weightChampion) * error + predictedGain;
  }

  /**
   * Bound of {@link #offPolicy} for rewards and predictions in [0, 1].
   *
   * @param largestDifference largest absolute difference of the two weights
   * @param variation largest total variation distance of the two policies, half the sum of the
   *     absolute differences of their probabilities; 1 is always enough
   */
  public static double offPolicyBound(double largestDifference, double variation) {
    return largestDifference + variation;
  }
}
