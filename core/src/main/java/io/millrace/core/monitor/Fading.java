package io.millrace.core.monitor;

/**
 * Weights that grow instead of sums that fade: an event weighs {@code 1 / alpha} times as much as
 * the one before, so that nothing that is kept has to be touched for it.
 */
final class Fading {
  /** Weights above it are brought back to 1. */
  private static final double LARGEST = 1e100;

  private Fading() {}

  /**
   * The weight of the next event.
   *
   * @param weight place of the last weight, from {@code at} on
   * @param sums place of the first sum; all from there to the end of the block fade
   */
  static double next(double[] b, int at, int weight, int sums, int length, double alpha) {
    double next = b[at + weight] == 0 ? 1 : b[at + weight] / alpha;
    if (next > LARGEST) {
      for (int i = sums; i < length; i++) {
        b[at + i] /= next;
      }
      next = 1;
    }
    b[at + weight] = next;
    return next;
  }
}
