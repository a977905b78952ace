package io.millrace.core.spec;

/**
 * Allowed values of a hyperparameter.
 *
 * @param low least value
 * @param lowOpen whether {@code low} itself is excluded
 * @param high greatest value, may be infinite
 * @param highOpen whether {@code high} itself is excluded
 * @param integer whether only whole numbers are allowed
 */
public record Range(double low, boolean lowOpen, double high, boolean highOpen, boolean integer) {
  public static Range closed(double low, double high) {
    return new Range(low, false, high, false, false);
  }

  public static Range halfOpen(double low, double high) {
    return new Range(low, false, high, true, false);
  }

  public static Range positive() {
    return new Range(0, true, Double.POSITIVE_INFINITY, true, false);
  }

  public static Range nonNegative() {
    return new Range(0, false, Double.POSITIVE_INFINITY, true, false);
  }

  public static Range integers(double low, double high) {
    return new Range(low, false, high, false, true);
  }

  public static Range flag() {
    return integers(0, 1);
  }

  /** Whether {@code v} is allowed; NaN never is. */
  public boolean contains(double v) {
    return (lowOpen ? v > low : v >= low)
        && (highOpen ? v < high : v <= high)
        && (!integer || v == Math.rint(v));
  }

  @Override
  public String toString() {
    return (integer ? "a whole number in " : "")
        + (lowOpen ? "(" : "[")
        + show(low)
        + ", "
        + show(high)
        + (highOpen ? ")" : "]");
  }

  private static String show(double v) {
    return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
  }
}
