package io.millrace.core.tuning;

import io.millrace.core.compute.Vectors;
import io.millrace.core.linalg.GrowingCholesky;

/**
 * Zero-mean Gaussian processes over the same points with one squared-exponential kernel: one for
 * each target. Rasmussen, Williams, "Gaussian Processes for Machine Learning", 2006, Algorithm 2.1.
 *
 * <pre>
 * k(x, x') = s^2 exp(-||x - x'||^2 / (2 l^2)),   K + noise I = L L'
 * mean = (L^-1 k)'(L^-1 y),   variance = s^2 - ||L^-1 k||^2
 * </pre>
 *
 * <p>Scratch, to be filled by {@link #fit} before it is asked; not thread-safe.
 */
final class GaussianProcess {
  private final GrowingCholesky factor = new GrowingCholesky();
  private double[] points;
  private int dimension;
  private int n;
  private double lengthscale;
  private double signal;
  private double[] column = {};
  private double[][] whitened = {};

  /**
   * Takes points and kernel.
   *
   * @param points [n x dimension], not modified, read until the next fit
   * @param signal s^2
   * @param noise above 0
   */
  void fit(double[] points, int n, int dimension, double lengthscale, double signal, double noise) {
    this.points = points;
    this.dimension = dimension;
    this.n = n;
    this.lengthscale = lengthscale;
    this.signal = signal;
    if (column.length < n) {
      column = new double[Math.max(n, 2 * column.length)];
    }
    factor.clear();
    for (int i = 0; i < n; i++) {
      kernels(points, i * dimension, i);
      // With noise on its diagonal the matrix is positive definite, by more than rounding takes.
      factor.append(column, signal + noise, 0);
    }
  }

  /** Room for the values of so many targets. */
  void targets(int count) {
    if (whitened.length < count || count > 0 && whitened[0].length < n) {
      whitened = new double[count][Math.max(16, 2 * n)];
    }
  }

  /**
   * Takes the values of a target at the points.
   *
   * @param target from 0, below the number of {@link #targets}
   * @param values [n] from {@code at}, not modified; {@code (value - shift) / scale} is what counts
   */
  void observe(int target, double[] values, int at, double shift, double scale) {
    for (int i = 0; i < n; i++) {
      whitened[target][i] = (values[at + i] - shift) / scale;
    }
    factor.forward(whitened[target]);
  }

  /**
   * Aims at a point, whose means and standard deviation are then asked for.
   *
   * @param x [dimension] from {@code at}, not modified
   * @return the standard deviation, the same for every target
   */
  double at(double[] x, int at) {
    kernels(x, at, n);
    factor.forward(column);
    // Rounding may leave a square below zero, beside a point that is known well.
    return Math.sqrt(Math.max(0, signal - Vectors.dot(column, 0, column, 0, n)));
  }

  /** Mean of a target at the point that was aimed at. */
  double mean(int target) {
    return Vectors.dot(column, 0, whitened[target], 0, n);
  }

  /**
   * Which point the others tell most about: the largest leave-one-out precision, {@code (K + noise
   * I)^{-1}_ii}.
   */
  int leastMissed() {
    int least = 0;
    double largest = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        column[j] = j == i ? 1 : 0;
      }
      factor.forward(column);
      double precision = Vectors.dot(column, 0, column, 0, n);
      if (precision > largest) {
        largest = precision;
        least = i;
      }
    }
    return least;
  }

  private void kernels(double[] x, int at, int count) {
    double twice = 2 * lengthscale * lengthscale;
    for (int i = 0; i < count; i++) {
      double square = 0;
      for (int j = 0; j < dimension; j++) {
        double difference = points[i * dimension + j] - x[at + j];
        square += difference * difference;
      }
      column[i] = signal * StrictMath.exp(-square / twice);
    }
  }
}
