package io.millrace.core.sample;

/** What is known of theta before any row: {@code p(theta)}. Immutable. */
public interface Prior {
  /**
   * {@code log p(theta)} up to a constant.
   *
   * @param theta [d], not modified
   */
  double value(double[] theta);

  /**
   * Adds {@code grad log p(theta)} to {@code out}.
   *
   * @param theta [d], not modified
   * @param out [d]
   */
  void addGradient(double[] theta, double[] out);
}
