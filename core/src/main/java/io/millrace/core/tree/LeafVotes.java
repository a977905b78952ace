package io.millrace.core.tree;

/** What the leaf of a row says of it. Reused: every vote overwrites it. */
public final class LeafVotes {
  /** The leaf. */
  int leaf;

  /** Weight that the leaf itself has seen and inherited. */
  double weight;

  /** Whether naive Bayes had anything to say. */
  boolean bayesSpoke;

  /** Shares of the classes, at the leaf or its nearest ancestor with weight. */
  final double[] majority;

  /** Naive Bayes; the shares where it had nothing to say. */
  final double[] bayes;

  /** The vote. */
  final double[] vote;

  /** The vote as it is published. */
  final double[] probability;

  /** Weight behind {@link #majority}. */
  double majorityWeight;

  /** Own weight of an active leaf. */
  double bayesWeight;

  public LeafVotes(int classes) {
    majority = new double[classes];
    bayes = new double[classes];
    vote = new double[classes];
    probability = new double[classes];
  }

  /** The vote: [classes]. Live. */
  public double[] vote() {
    return vote;
  }

  /** The vote as it is published, smoothed by one row of each class: [classes]. Live. */
  public double[] probability() {
    return probability;
  }

  /** The first of the largest. */
  public static int best(double[] votes) {
    int best = 0;
    for (int k = 1; k < votes.length; k++) {
      best = votes[k] > votes[best] ? k : best;
    }
    return best;
  }

  /** {@code (N v + 1) / (N + C)}. */
  static double smoothed(double v, double n, int classes) {
    return (n * v + 1) / (n + classes);
  }
}
