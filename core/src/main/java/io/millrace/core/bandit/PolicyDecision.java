package io.millrace.core.bandit;

import java.util.Arrays;

/** What a policy answers; overwritten by the next answer. Not thread-safe. */
public final class PolicyDecision {
  private final double[] probabilities;
  private final double[] scores;
  private int arm;
  private int greedy;

  public PolicyDecision(PolicyShape shape) {
    probabilities = new double[shape.maxArms()];
    scores = new double[shape.maxArms()];
  }

  /** The arm to play; -1 after {@link Policy#probabilities}, which plays none. */
  public int arm() {
    return arm;
  }

  /** The arm that is most probable, the lowest index on ties: what the policy holds best. */
  public int greedy() {
    return greedy;
  }

  /** Probability of {@link #arm}. */
  public double probability() {
    return probabilities[arm];
  }

  /** [maxArms]: the probability with which each arm is played; 0 of arms that are not eligible. */
  public double[] probabilities() {
    return probabilities;
  }

  /**
   * [maxArms]: what the arms were ranked by, the greatest is best; NaN of arms that are not
   * eligible, and of all where the policy ranks by nothing but their probabilities.
   */
  public double[] scores() {
    return scores;
  }

  /**
   * An arm by inverse CDF in the order of the arms: the first one with u below the sum of the
   * probabilities up to it, the last one with a probability above 0 if rounding leaves none.
   *
   * @param u in [0, 1)
   */
  public static int draw(double u, double[] probabilities) {
    double sum = 0;
    int last = 0;
    for (int a = 0; a < probabilities.length; a++) {
      if (probabilities[a] > 0) {
        sum += probabilities[a];
        last = a;
        if (u < sum) {
          return a;
        }
      }
    }
    return last;
  }

  /** Begins an answer: no arm, no probability, no score. */
  public void clear() {
    Arrays.fill(probabilities, 0);
    Arrays.fill(scores, Double.NaN);
    arm = -1;
    greedy = -1;
  }

  /** Sets the arm to play. */
  public void choose(int chosen) {
    arm = chosen;
  }

  /** Finds the greedy arm, once the probabilities are there. */
  public void settle(PolicyRequest request) {
    greedy = best(request, probabilities);
  }

  /** The eligible arm of the greatest number, the lowest index on ties. */
  public static int best(PolicyRequest request, double[] of) {
    int[] eligible = request.eligible();
    int best = eligible[0];
    for (int i = 1; i < request.count(); i++) {
      if (of[eligible[i]] > of[best]) {
        best = eligible[i];
      }
    }
    return best;
  }
}
