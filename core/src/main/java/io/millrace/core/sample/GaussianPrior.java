package io.millrace.core.sample;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Vectors;
import java.util.Arrays;

/**
 * {@code theta ~ N(0, I / precision)}, the prior of ridge regression.
 *
 * @param precision at least 0; 0 is the flat prior, which is proper only with enough rows
 */
public record GaussianPrior(double precision) implements Prior {
  public GaussianPrior {
    if (!(precision >= 0 && precision < Double.POSITIVE_INFINITY)) {
      throw new ConfigException(
          "prior.precision = " + precision + "; must be finite and at least 0");
    }
  }

  @Override
  public double value(double[] theta) {
    return -precision / 2 * Vectors.dot(theta, 0, theta, 0, theta.length);
  }

  @Override
  public void addGradient(double[] theta, double[] out) {
    for (int i = 0; i < theta.length; i++) {
      out[i] -= precision * theta[i];
    }
  }

  /** The prior in natural parameters. */
  public NaturalGaussian natural(int size) {
    double[] lambda = new double[size];
    Arrays.fill(lambda, precision);
    return NaturalGaussian.diagonal(new double[size], lambda);
  }
}
