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
    update(x, at, y - score(x, at), noise, 1);
  }

  /** A row of a logistic model: the variance of the label is that of the probability predicted. */
  void observeLogistic(double[] x, int at, double y) {
    double p = 1 / (1 + StrictMath.exp(-score(x, at)));
    update(x, at, y - p, p * (1 - p), p * (1 - p));
  }

  private double score(double[] x, int at) {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      sum += x[at + i] * mean[i];
    }
    return sum;
  }

  /**
   * A step.
   *
   * @param slope of the label's mean in the score
   */
  private void update(double[] x, int at, double error, double noise, double slope) {
    double spread = noise;
    for (int i = 0; i < mean.length; i++) {
      spread += slope * x[at + i] * slope * x[at + i] * variance[i];
    }
    for (int i = 0; i < mean.length; i++) {
      double gain = variance[i] * slope * x[at + i] / spread;
      mean[i] += gain * error;
      variance[i] -= gain * slope * x[at + i] * variance[i];
    }
  }
}
