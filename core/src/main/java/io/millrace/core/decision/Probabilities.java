package io.millrace.core.decision;

/**
 * Checks of the probabilities that a decision was made with, or would have been made with: what is
 * wrong with them is said in a sentence, because it becomes the reason of a dead letter or the
 * fault of a line.
 */
public final class Probabilities {
  /** How far a sum may lie from 1. */
  public static final double TOLERANCE = 1e-9;

  private Probabilities() {}

  /**
   * What is wrong with probabilities of eligible arms.
   *
   * @param p the first {@code count} are read
   * @return null: nothing
   */
  public static String fault(double[] p, int count) {
    if (count == 0) {
      return "no arm is eligible; at least one must be";
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      if (!(p[i] >= 0 && p[i] <= 1)) {
        return "probability " + (i + 1) + " is " + p[i] + "; must lie in [0, 1]";
      }
      sum += p[i];
    }
    return Math.abs(sum - 1) <= TOLERANCE
        ? null
        : "probabilities have the sum " + sum + "; must be 1";
  }

  /**
   * What is wrong with the probability that the action was taken with.
   *
   * @return null: nothing
   */
  public static String faultOfAction(double p) {
    return p > 0 && p <= 1 ? null : "the action's probability is " + p + "; must lie in (0, 1]";
  }
}
