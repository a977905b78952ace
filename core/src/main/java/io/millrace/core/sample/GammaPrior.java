package io.millrace.core.sample;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Elementary;

/**
 * Independent Gamma distributions of positive parameters, {@code p(theta) = prod_j theta_j^(shape_j
 * - 1) exp(-rate_j theta_j)}. For the mirror diffusion, which keeps parameters positive.
 *
 * @param shape [d], each positive
 * @param rate [d], each positive
 */
public record GammaPrior(double[] shape, double[] rate) implements Prior {
  public GammaPrior {
    if (shape.length != rate.length) {
      throw new ConfigException(
          "prior: " + shape.length + " shapes and " + rate.length + " rates; must be as many");
    }
    for (int j = 0; j < shape.length; j++) {
      if (!(shape[j] > 0 && rate[j] > 0)) {
        throw new ConfigException(
            "prior: shape " + shape[j] + ", rate " + rate[j] + "; must be positive");
      }
    }
    shape = shape.clone();
    rate = rate.clone();
  }

  @Override
  public double value(double[] theta) {
    double sum = 0;
    for (int j = 0; j < theta.length; j++) {
      sum += (shape[j] - 1) * Elementary.log(theta[j]) - rate[j] * theta[j];
    }
    return sum;
  }

  @Override
  public void addGradient(double[] theta, double[] out) {
    for (int j = 0; j < theta.length; j++) {
      out[j] += (shape[j] - 1) / theta[j] - rate[j];
    }
  }
}
