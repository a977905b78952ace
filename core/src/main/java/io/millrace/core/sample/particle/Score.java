package io.millrace.core.sample.particle;

/** Gradient of the logarithm of the density that is sampled. */
@FunctionalInterface
public interface Score {
  /**
   * The score at a point.
   *
   * @param theta [d], not modified
   * @param out [d], overwritten
   */
  void at(double[] theta, double[] out);
}
