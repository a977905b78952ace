package io.millrace.core.bandit.adversarial;

/**
 * The probabilities of Tsallis-INF: with Z shifted so that its least element is 0,
 *
 * <pre>
 * p_i = 4 / (eta (Z_i - x))^2,   x &lt; 0 the root of sum p = 1
 * </pre>
 *
 * <p>by Newton's method from {@code x = -2 / eta}, where the sum is at least 1. The sum is convex
 * and increasing in x, so the iterates fall to the root and never pass it; no safeguard is needed.
 */
final class TsallisSolver {
  private static final double ENOUGH = 1e-15;
  private static final int MOST_STEPS = 200;

  private TsallisSolver() {}

  /**
   * Solves for the probabilities of some arms. About ten steps of {@code 6 n} flops.
   *
   * @param z [n] estimates of the arms' losses, shifted in place so that the least is 0
   * @param p [n], overwritten; sums to 1
   * @param n at least 1
   * @param eta above 0
   */
  static void solve(double[] z, double[] p, int n, double eta) {
    double least = z[0];
    for (int i = 1; i < n; i++) {
      least = Math.min(least, z[i]);
    }
    for (int i = 0; i < n; i++) {
      z[i] -= least;
    }
    double x = -2 / eta;
    double sum = fill(z, p, n, eta, x);
    for (int step = 0; step < MOST_STEPS && sum - 1 > ENOUGH; step++) {
      double slope = 0;
      for (int i = 0; i < n; i++) {
        slope += p[i] * Math.sqrt(p[i]);
      }
      x -= (sum - 1) / (eta * slope);
      double before = sum;
      sum = fill(z, p, n, eta, x);
      if (sum >= before) {
        break; // Rounding is all that is left.
      }
    }
    for (int i = 0; i < n; i++) {
      p[i] /= sum;
    }
  }

  private static double fill(double[] z, double[] p, int n, double eta, double x) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double root = 2 / (eta * (z[i] - x));
      p[i] = root * root;
      sum += p[i];
    }
    return sum;
  }
}
