package io.millrace.core.decision;

/**
 * Bounds on the value of a policy that hold at every time at once, from decisions that another one
 * made, for rewards in [0, 1] and weights of any size. Waudby-Smith, Wu, Ramdas, Karampatziakis,
 * Mineiro, "Anytime-valid off-policy inference for contextual bandits", arXiv:2210.10768.
 *
 * <p>The lower bound is the one-sided {@link EmpiricalBernstein} bound on the mean of w r, the
 * upper one 1 less that on the mean of w (1 - r), each with half of alpha: both are at least 0,
 * which is all that a lower bound asks for. Bounds are the running intersection.
 *
 * <p>Memory {@link #LENGTH} doubles. Immutable; the numbers are in the caller's block, zeros at
 * first.
 */
public final class OffPolicyBounds {
  /** Doubles that the caller keeps. */
  public static final int LENGTH = 2 * EmpiricalBernstein.LENGTH;

  private static final int LOSSES = EmpiricalBernstein.LENGTH;

  private final EmpiricalBernstein side;

  /**
   * @param alpha in (0, 1): with what probability the value may ever be outside
   */
  public OffPolicyBounds(double alpha) {
    this.side = EmpiricalBernstein.oneSided(alpha / 2);
  }

  /**
   * Takes a decision.
   *
   * @param weight at least 0
   * @param reward in [0, 1]
   */
  public void take(double[] b, int at, double weight, double reward) {
    side.take(b, at, weight * reward);
    side.take(b, at + LOSSES, weight * (1 - reward));
  }

  /** Lower bound on the value, in [0, 1]; 0 at first. */
  public static double lower(double[] b, int at) {
    return EmpiricalBernstein.runningLower(b, at);
  }

  /** Upper bound on the value, in [0, 1]; 1 at first. */
  public static double upper(double[] b, int at) {
    return 1 - EmpiricalBernstein.runningLower(b, at + LOSSES);
  }

  /** Whether the bounds exclude each other: the value has moved, or the probabilities are wrong. */
  public static boolean disjoint(double[] b, int at) {
    return lower(b, at) > upper(b, at);
  }
}
