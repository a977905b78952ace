package io.millrace.core.sample.particle;

import io.millrace.core.compute.Workspace;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import java.util.Arrays;

/**
 * The direction of steepest descent of the Kullback-Leibler divergence in the unit ball of a
 * kernel's space, for the inverse multiquadric kernel {@code k(x, y) = (1 + |x - y|^2 /
 * h2)^(-1/2)}:
 *
 * <pre>
 * phi_j = 1/K sum_i [ k(x_i, x_j) score(x_i) + grad_{x_i} k(x_i, x_j) ]
 * </pre>
 *
 * <p>Where h2 is 0 it is the median of the squared distances. {@code K^2 (3d + 5)} flops.
 */
public final class SteinDirection {
  static final Hyper BANDWIDTH =
      new Hyper(
          "bandwidth",
          0,
          Range.nonNegative(),
          "squared width h2 of the kernel; 0: the median of the squared distances");

  private SteinDirection() {}

  /**
   * The direction of every particle.
   *
   * @param x [count x d], not modified
   * @param scores [count x d], not modified
   * @param h2 squared width of the kernel; 0: the median of the squared distances
   * @param phi [count x d], overwritten
   */
  public static void of(
      double[] x, double[] scores, int count, double h2, double[] phi, Workspace workspace) {
    int d = x.length / count;
    double width = h2 > 0 ? h2 : median(x, count, workspace);
    Arrays.fill(phi, 0);
    for (int j = 0; j < count; j++) {
      for (int i = 0; i < count; i++) {
        double k = 1 / Math.sqrt(1 + squaredDistance(x, i, j, d) / width);
        double repulsion = k * k * k / width;
        for (int c = 0; c < d; c++) {
          phi[j * d + c] +=
              (k * scores[i * d + c] - repulsion * (x[i * d + c] - x[j * d + c])) / count;
        }
      }
    }
  }

  static double squaredDistance(double[] x, int i, int j, int d) {
    double sum = 0;
    for (int c = 0; c < d; c++) {
      double e = x[i * d + c] - x[j * d + c];
      sum += e * e;
    }
    return sum;
  }

  /** Of one particle, or where all are in one place, 1. */
  private static double median(double[] x, int count, Workspace workspace) {
    int pairs = count * (count - 1) / 2;
    double[] all = workspace.array("stein-distances", pairs);
    int at = 0;
    for (int j = 0; j < count; j++) {
      for (int i = 0; i < j; i++) {
        all[at++] = squaredDistance(x, i, j, x.length / count);
      }
    }
    Arrays.sort(all);
    double median = pairs == 0 ? 0 : (all[(pairs - 1) / 2] + all[pairs / 2]) / 2;
    return median > 0 ? median : 1;
  }
}
