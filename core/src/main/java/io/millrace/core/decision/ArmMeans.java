package io.millrace.core.decision;

/**
 * Predicted reward of each arm without a context: the mean of its rewards so far and of one
 * imagined observation of the prior mean, q_a = (q0 + s_a) / (1 + n_a). Asked before an event and
 * told afterwards it never predicts what it was trained on, as doubly robust estimators need it.
 *
 * <p>Memory {@link #PER_ARM} doubles per arm. Stateless; the numbers are in the caller's block,
 * zeros at first.
 */
public final class ArmMeans {
  /** Doubles that the caller keeps for each arm. */
  public static final int PER_ARM = 2;

  /** Prior mean of rewards in [0, 1]. */
  public static final double PRIOR = 0.5;

  private static final int COUNT = 0;
  private static final int SUM = 1;

  private ArmMeans() {}

  /** Predicted reward of an arm. */
  public static double mean(double[] b, int at, int arm) {
    int place = at + PER_ARM * arm;
    return (PRIOR + b[place + SUM]) / (1 + b[place + COUNT]);
  }

  /** Takes the reward of an arm. */
  public static void take(double[] b, int at, int arm, double reward) {
    int place = at + PER_ARM * arm;
    b[place + COUNT]++;
    b[place + SUM] += reward;
  }
}
