package io.millrace.core.sample.gaussian;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Vectors;
import io.millrace.core.sample.LinearGaussian;

/**
 * {@code y_i ~ N(x_i' theta, sigma2)} with a known variance: Bayesian linear regression. A row adds
 * {@code x_i x_i' / sigma2} and {@code x_i y_i / sigma2}. An intercept is a column of ones.
 */
public final class LinearRegression implements LinearGaussian {
  private final int size;
  private final double[] x;
  private final double[] y;
  private final double variance;

  /**
   * A client's rows.
   *
   * @param size d
   * @param x [N x d] row by row, kept, not to be modified
   * @param y [N], kept, not to be modified
   * @param variance sigma2, positive
   */
  public LinearRegression(int size, double[] x, double[] y, double variance) {
    if (size < 1 || x.length != (long) size * y.length) {
      throw new ConfigException(
          "linear regression of "
              + size
              + " parameters: "
              + x.length
              + " numbers in rows, "
              + y.length
              + " labels; must be d numbers for each label");
    }
    if (!(variance > 0 && variance < Double.POSITIVE_INFINITY)) {
      throw new ConfigException("sigma2 = " + variance + "; must be finite and positive");
    }
    this.size = size;
    this.x = x;
    this.y = y;
    this.variance = variance;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int rows() {
    return y.length;
  }

  private double error(double[] theta, int row) {
    return y[row] - Vectors.dot(x, row * size, theta, 0, size);
  }

  @Override
  public double value(double[] theta) {
    double sum = 0;
    for (int row = 0; row < y.length; row++) {
      double e = error(theta, row);
      sum -= e * e / (2 * variance);
    }
    return sum;
  }

  @Override
  public void addRowGradient(double[] theta, int row, double factor, double[] out) {
    double along = factor * error(theta, row) / variance;
    int at = row * size;
    for (int i = 0; i < size; i++) {
      out[i] += along * x[at + i];
    }
  }

  @Override
  public void addRow(int row, double factor, double[] a, double[] b) {
    int at = row * size;
    for (int i = 0; i < size; i++) {
      double w = factor * x[at + i] / variance;
      b[i] += w * y[row];
      for (int j = 0; j < size; j++) {
        a[i * size + j] += w * x[at + j];
      }
    }
  }
}
