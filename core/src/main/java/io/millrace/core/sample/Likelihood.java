package io.millrace.core.sample;

import java.util.Optional;

/**
 * The likelihood of the rows that one client holds, {@code p(x | theta) = prod_i p(x_i | theta)}.
 * Every question is about its logarithm, and answered at any point. Rows have the indexes 0 .. rows
 * - 1. Not thread-safe where it keeps scratch; allocates nothing in steady state except where it
 * says so.
 */
public interface Likelihood {
  /** Number d of parameters. */
  int size();

  /** Number of rows; may be 0. */
  int rows();

  /**
   * {@code sum_i log p(x_i | theta)}, up to a constant that does not depend on theta.
   *
   * @param theta [d], not modified
   */
  double value(double[] theta);

  /**
   * Adds {@code factor grad log p(x_row | theta)} to {@code out}.
   *
   * @param theta [d], not modified
   * @param row below {@link #rows}
   * @param out [d]
   */
  void addRowGradient(double[] theta, int row, double factor, double[] out);

  /**
   * Adds {@code factor sum_i grad log p(x_i | theta)} to {@code out}.
   *
   * @param theta [d], not modified
   * @param out [d]
   */
  default void addGradient(double[] theta, double factor, double[] out) {
    for (int i = 0; i < rows(); i++) {
      addRowGradient(theta, i, factor, out);
    }
  }

  /**
   * Minus the Hessian of {@link #value}, the observed information.
   *
   * @param theta [d], not modified
   * @param out [d x d], overwritten; not positive semidefinite where the model is not log-concave
   * @return false where the model does not offer it; {@code out} is then undefined
   */
  boolean information(double[] theta, double[] out);

  /** The likelihood itself where it is a Gaussian function of theta; a new object. */
  default Optional<NaturalGaussian> exact() {
    return Optional.empty();
  }
}
