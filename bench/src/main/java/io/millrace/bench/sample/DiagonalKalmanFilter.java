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
    update(x, at, y - score(x, at), noise);
  }

  private double score(double[] x, int at) {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      sum += x[at + i] * mean[i];
    }
    return sum;
  }

  private void update(double[] x, int at, double error, double noise) {
    double spread = noise;
    for (int i = 0; i < mean.length; i++) {
      spread += x[at + i] * x[at + i] * variance[i];
    }
    for (int i = 0; i < mean.length; i++) {
      double gain = variance[i] * x[at + i] / spread;
      mean[i] += gain * error;
      variance[i] -= gain * x[at + i] * variance[i];
    }
  }
}
