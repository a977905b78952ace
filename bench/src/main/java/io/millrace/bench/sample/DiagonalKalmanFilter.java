package io.millrace.bench.sample;

import java.util.Arrays;

/**
 * The extended Kalman filter with a diagonal covariance, one pass over the rows: what an online
 * learner would keep as its uncertainty. Puskorius, Feldkamp, "Decoupled Extended Kalman Filter
 * Training of Feedforward Layered Networks", IJCNN 1991.
 */
final class DiagonalKalmanFilter {
  final double[] mean;
  final double[] variance;

  DiagonalKalmanFilter(int size, double priorPrecision) {
    mean = new double[size];
    variance = new double[size];
    Arrays.fill(variance, 1 / priorPrecision);
  }

  /** A row of a linear model with Gaussian noise. */
  void observe(double[] x, int at, double y, double noise) {
    update(x, at, y - score(x, at), 1, noise);
  }

  /** A row of a logistic model, linearised where the filter is. */
  void observeClass(double[] x, int at, double y) {
    double p = 1 / (1 + StrictMath.exp(-score(x, at)));
    double slope = p * (1 - p);
    update(x, at, y - p, slope, slope);
  }

  private double score(double[] x, int at) {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      sum += x[at + i] * mean[i];
    }
    return sum;
  }

  private void update(double[] x, int at, double error, double slope, double noise) {
    double spread = noise;
    for (int i = 0; i < mean.length; i++) {
      double g = slope * x[at + i];
      spread += g * g * variance[i];
    }
    for (int i = 0; i < mean.length; i++) {
      double g = slope * x[at + i];
      double gain = variance[i] * g / spread;
      mean[i] += gain * error;
      variance[i] -= gain * g * variance[i];
    }
  }
}
