package io.millrace.core.bandit;

/**
 * What a new arm starts from: nothing, the statistics of another arm, or a mean cost that somebody
 * expects. It happens once, when the arm is added: later costs of the other arm do not flow.
 *
 * @param from index of the other arm; -1: none
 * @param meanCost expected; NaN: none
 * @param cap costs that the start counts for at most; at least 0
 */
public record ArmStart(int from, double meanCost, double cap) {
  /** Of a start from another arm that states no other. */
  public static final double DEFAULT_CAP = 10;

  public ArmStart {
    if (!(cap >= 0 && cap < Double.POSITIVE_INFINITY)) {
      throw new IllegalStateException("cap = " + cap + ", must be finite and at least 0");
    }
  }

  /** Nothing is known of the arm. */
  public static ArmStart fresh() {
    return new ArmStart(-1, Double.NaN, 0);
  }

  /** The other arm's statistics, as if it had been pulled {@code cap} times at most. */
  public static ArmStart from(int other, double cap) {
    return new ArmStart(other, Double.NaN, cap);
  }

  /** As if {@code cap} costs had been seen, {@code meanCost} on average. */
  public static ArmStart prior(double meanCost, double cap) {
    return new ArmStart(-1, meanCost, cap);
  }

  /**
   * The part of another arm's statistics that is taken over: {@code min(1, cap / n)}.
   *
   * @param n costs that the other arm has; at least 0
   */
  public double share(double n) {
    return n <= cap ? 1 : cap / n;
  }
}
