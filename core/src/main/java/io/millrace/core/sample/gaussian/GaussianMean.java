package io.millrace.core.sample.gaussian;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Vectors;
import io.millrace.core.sample.LinearGaussian;

/**
 * {@code x_i ~ N(theta, Sigma)} with a known covariance: the mean of a Gaussian. A row adds {@code
 * Sigma^-1} and {@code Sigma^-1 x_i}.
 */
public final class GaussianMean implements LinearGaussian {
  private final int size;
  private final double[] x;
  private final double[] precision;
  private final double[] weighted;

  /**
   * A client's rows.
   *
   * @param size d
   * @param x [N x d] row by row, kept, not to be modified
   * @param precision [d x d], {@code Sigma^-1}, kept, not to be modified
   */
  public GaussianMean(int size, double[] x, double[] precision) {
    if (size < 1 || x.length % size != 0 || precision.length != size * size) {
      throw new ConfigException(
          "gaussian mean of "
              + size
              + " parameters: "
              + x.length
              + " numbers in rows, "
              + precision.length
              + " in the precision; must be a multiple of d, and d times d");
    }
    this.size = size;
    this.x = x;
    this.precision = precision;
    this.weighted = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int row = i / size;
      weighted[i] = Vectors.dot(precision, i % size * size, x, row * size, size);
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int rows() {
    return x.length / size;
  }

  @Override
  public double value(double[] theta) {
    double sum = 0;
    for (int row = 0; row < rows(); row++) {
      for (int i = 0; i < size; i++) {
        double along = 0;
        for (int j = 0; j < size; j++) {
          along += precision[i * size + j] * (x[row * size + j] - theta[j]);
        }
        sum -= along * (x[row * size + i] - theta[i]) / 2;
      }
    }
    return sum;
  }

  @Override
  public void addRowGradient(double[] theta, int row, double factor, double[] out) {
    int at = row * size;
    for (int i = 0; i < size; i++) {
      double g = weighted[at + i];
      for (int j = 0; j < size; j++) {
        g -= precision[i * size + j] * theta[j];
      }
      out[i] += factor * g;
    }
  }

  @Override
  public void addRow(int row, double factor, double[] a, double[] b) {
    Vectors.add(a.length, factor, precision, a);
    for (int i = 0; i < size; i++) {
      b[i] += factor * weighted[row * size + i];
    }
  }
}
