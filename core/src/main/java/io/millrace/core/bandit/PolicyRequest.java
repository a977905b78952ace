package io.millrace.core.bandit;

/**
 * What a policy is asked: which arms are eligible, and what is known of the case. One object is
 * reused for many requests; whoever fills it sets everything that the tuner has. Not thread-safe.
 */
public final class PolicyRequest {
  private final PolicyShape shape;
  private final int[] eligible;
  private final double[] context;
  private final double[] features;
  private final double[] values;
  private int count;
  private long round = 1;
  private double exploration = Double.NaN;

  /** A request without eligible arms. */
  public PolicyRequest(PolicyShape shape) {
    this.shape = shape;
    eligible = new int[shape.maxArms()];
    context = new double[shape.contextLength()];
    features = new double[shape.maxArms() * shape.featureLength()];
    values = new double[shape.maxArms()];
  }

  public PolicyShape shape() {
    return shape;
  }

  /**
   * Sets the eligible arms.
   *
   * @param arms ascending, each once; copied
   * @param n how many of them count, at most {@code maxArms}
   */
  public void setEligible(int[] arms, int n) {
    System.arraycopy(arms, 0, eligible, 0, n);
    count = n;
  }

  /** Makes arms {@code 0 .. n-1} eligible. */
  public void setAllEligible(int n) {
    for (int i = 0; i < n; i++) {
      eligible[i] = i;
    }
    count = n;
  }

  /** The eligible arms, of which {@link #count} count; not to be modified. */
  public int[] eligible() {
    return eligible;
  }

  /** How many arms are eligible. */
  public int count() {
    return count;
  }

  /** [contextLength], to be written to. */
  public double[] context() {
    return context;
  }

  /** [maxArms x featureLength], to be written to: row a is of arm a. Of the eligible arms alone. */
  public double[] features() {
    return features;
  }

  /** [maxArms], to be written to: value of the parameter that arm a stands for. */
  public double[] values() {
    return values;
  }

  /**
   * Sets the round: 1 and the number of decisions before this one, those that were dropped without
   * a cost not counted.
   */
  public void setRound(long t) {
    round = t;
  }

  public long round() {
    return round;
  }

  /**
   * Sets the share of decisions that are drawn uniformly from the eligible arms, in place of the
   * policy's hyperparameter {@code epsilon}.
   *
   * @param epsilon in [0, 1]; NaN: the hyperparameter
   */
  public void setExploration(double epsilon) {
    exploration = epsilon;
  }

  public double exploration() {
    return exploration;
  }

  /** What is wrong with it, whatever the policy; null: nothing. */
  String unfit() {
    if (count < 1) {
      return "no arm is eligible; at least one must be";
    }
    for (int i = 0; i < count; i++) {
      if (eligible[i] < 0 || eligible[i] >= shape.maxArms()) {
        return "eligible arm " + eligible[i] + "; must lie in [0, " + shape.maxArms() + ")";
      }
      if (i > 0 && eligible[i] <= eligible[i - 1]) {
        return "eligible arm "
            + eligible[i]
            + " after "
            + eligible[i - 1]
            + "; must be ascending, each once";
      }
    }
    if (round < 1) {
      return "round = " + round + "; must be at least 1";
    }
    if (exploration < 0 || exploration > 1) {
      return "exploration = " + exploration + "; must lie in [0, 1]";
    }
    return notFinite("context", context, 0, context.length);
  }

  /** What is wrong with the features of the eligible arms; null: nothing. */
  public String unfitFeatures() {
    int f = shape.featureLength();
    for (int i = 0; i < count; i++) {
      String fault = notFinite("features", features, eligible[i] * f, f);
      if (fault != null) {
        return fault + ", of arm " + eligible[i];
      }
    }
    return null;
  }

  /** What is wrong with the values of the eligible arms; null: nothing. */
  public String unfitValues() {
    for (int i = 0; i < count; i++) {
      String fault = notFinite("values", values, eligible[i], 1);
      if (fault != null) {
        return fault + ", of arm " + eligible[i];
      }
    }
    return null;
  }

  private static String notFinite(String name, double[] numbers, int from, int n) {
    for (int i = 0; i < n; i++) {
      if (!Double.isFinite(numbers[from + i])) {
        return name + "[" + i + "] = " + numbers[from + i] + "; must be finite";
      }
    }
    return null;
  }
}
