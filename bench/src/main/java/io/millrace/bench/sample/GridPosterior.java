package io.millrace.bench.sample;

import io.millrace.core.sample.gaussian.GaussianLaw;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Mean and covariance of a density of few parameters, by the trapezoidal rule on a grid over the
 * coordinates in which a Gaussian near it is the standard one. For smooth densities that fall off
 * as fast as a Gaussian the error falls faster than any power of the spacing. Trefethen, Weideman,
 * "The Exponentially Convergent Trapezoidal Rule", SIAM Review 2014.
 */
final class GridPosterior {
  /** Standard deviations to each side. */
  private static final double REACH = 7;

  private GridPosterior() {}

  /**
   * The moments.
   *
   * @param logDensity up to a constant
   * @param near about where the density is, and how wide
   * @param spacing of the grid in standard deviations
   */
  static GaussianLaw of(ToDoubleFunction<double[]> logDensity, GaussianLaw near, double spacing) {
    int d = near.size();
    double[] l = new double[d * d];
    if (!Headline.KERNELS.cholesky(d, near.covariance(), l)) {
      throw new IllegalStateException("a covariance that is not positive definite");
    }
    double top = logDensity.applyAsDouble(near.mean());
    int half = (int) Math.ceil(REACH / spacing);
    int[] place = new int[d];
    Arrays.fill(place, -half);
    double[] theta = new double[d];
    double[] first = new double[d];
    double[] second = new double[d * d];
    double mass = 0;
    do {
      for (int i = 0; i < d; i++) {
        theta[i] = near.mean()[i];
        for (int j = 0; j <= i; j++) {
          theta[i] += l[i * d + j] * spacing * place[j];
        }
      }
      // Relative to the density where it is about greatest: neither over- nor underflows as a
      // whole.
      double w = StrictMath.exp(logDensity.applyAsDouble(theta) - top);
      mass += w;
      for (int i = 0; i < d; i++) {
        double away = theta[i] - near.mean()[i];
        first[i] += w * away;
        for (int j = 0; j < d; j++) {
          second[i * d + j] += w * away * (theta[j] - near.mean()[j]);
        }
      }
    } while (next(place, half));
    double[] mean = new double[d];
    for (int i = 0; i < d; i++) {
      first[i] /= mass;
      mean[i] = near.mean()[i] + first[i];
    }
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        second[i * d + j] = second[i * d + j] / mass - first[i] * first[j];
      }
    }
    return new GaussianLaw(mean, second);
  }

  /** The next place of the grid; false after the last. */
  private static boolean next(int[] place, int half) {
    for (int i = 0; i < place.length; i++) {
      if (++place[i] <= half) {
        return true;
      }
      place[i] = -half;
    }
    return false;
  }
}
