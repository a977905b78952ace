package io.millrace.core.sample.particle;

/**
 * Kernel Stein discrepancy of draws from a density of which the score is known, with the inverse
 * multiquadric kernel {@code k(x, y) = (1 + |x - y|^2)^(-1/2)}: it says how far draws are from the
 * posterior, without draws from the posterior. Gorham, Mackey, "Measuring Sample Quality with
 * Kernels", ICML 2017.
 *
 * <pre>
 * k0(x, y) = k s(x)'s(y) + s(x)'grad_y k + s(y)'grad_x k + trace(grad_x grad_y k)
 * </pre>
 *
 * <p>{@code K^2 (5d + 10)} flops for K draws.
 *
 * @param vStatistic root of the mean of k0 over all pairs, each with itself included
 * @param uStatistic mean of k0 over pairs of different draws; near 0, and then of either sign
 */
public record SteinDiscrepancy(double vStatistic, double uStatistic) {
  /**
   * Of draws.
   *
   * @param x [count x d]
   * @param scores [count x d]
   * @param count at least 2
   */
  public static SteinDiscrepancy of(double[] x, double[] scores, int count) {
    int d = x.length / count;
    double same = 0;
    double different = 0;
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        double k0 = pair(x, scores, i, j, d);
        if (i == j) {
          same += k0;
        } else {
          different += k0;
        }
      }
    }
    double pairs = (double) count * count;
    return new SteinDiscrepancy(Math.sqrt((same + different) / pairs), different / (pairs - count));
  }

  private static double pair(double[] x, double[] scores, int i, int j, int d) {
    double r2 = 0;
    double both = 0;
    double cross = 0;
    for (int c = 0; c < d; c++) {
      double e = x[i * d + c] - x[j * d + c];
      double si = scores[i * d + c];
      double sj = scores[j * d + c];
      r2 += e * e;
      both += si * sj;
      cross += (si - sj) * e;
    }
    double k = 1 / Math.sqrt(1 + r2);
    double k3 = k * k * k;
    // grad_x k = -k^3 (x - y), grad_y k = k^3 (x - y)
    return k * both + k3 * cross + d * k3 - 3 * r2 * k3 * k * k;
  }
}
