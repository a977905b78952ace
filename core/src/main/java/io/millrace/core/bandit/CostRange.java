package io.millrace.core.bandit;

/**
 * Costs that a policy takes.
 *
 * @param low least
 * @param lowOpen whether {@code low} itself is refused
 * @param high greatest; infinite: any finite cost from {@code low}
 */
public record CostRange(double low, boolean lowOpen, double high) {
  /** Any finite cost, negative ones too. */
  public static final CostRange FINITE =
      new CostRange(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY);

  /** Costs above 0. */
  public static final CostRange POSITIVE = new CostRange(0, true, Double.POSITIVE_INFINITY);

  /** Whether a cost is taken; NaN and infinite ones never are. */
  public boolean contains(double cost) {
    return Double.isFinite(cost) && (lowOpen ? cost > low : cost >= low) && cost <= high;
  }

  /** What is wrong with a cost; null: nothing. */
  public String fault(double cost) {
    return contains(cost) ? null : "cost = " + cost + "; must lie in " + this;
  }

  /** Where a cost lies between {@code low} and {@code high}: 0 is the best, 1 the worst. */
  public double unit(double cost) {
    return (cost - low) / (high - low);
  }

  @Override
  public String toString() {
    return (lowOpen ? "(" : "[") + low + ", " + high + (Double.isInfinite(high) ? ")" : "]");
  }
}
