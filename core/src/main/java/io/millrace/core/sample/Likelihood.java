package io.millrace.core.sample;

import io.millrace.core.rng.Draws;
import java.util.Optional;

/**
 * The likelihood of the rows that one client holds, {@code p(x | theta) = prod_i p(x_i |
 * theta)^w_i}, where the powers w are 1 unless rows fade. Every question is about its logarithm,
 * and answered at any point. Rows have the indexes 0 .. rows - 1. Not thread-safe where it keeps
 * scratch; allocates nothing in steady state except where it says so.
 */
public interface Likelihood {
  /** Number d of parameters. */
  int size();

  /** Number of rows; may be 0. */
  int rows();

  /**
   * Where a search for the mode begins, the same for all clients: 0, unless the model has a saddle
   * there.
   *
   * @return [d], a new array
   */
  default double[] start() {
    return new double[size()];
  }

  /** How many rows the likelihood counts for: as many as there are, unless some count for less. */
  default double mass() {
    return rows();
  }

  /** Power w that a row's likelihood is taken to; their sum is {@link #mass}. */
  default double power(int row) {
    return 1;
  }

  /**
   * The row that draw k of a mini-batch is: each with its power over the mass as probability.
   *
   * @param draws for mini-batches
   * @param k from 0
   */
  default int draw(Draws draws, long k) {
    return draws.index(k, rows());
  }

  /**
   * {@code sum_i w_i log p(x_i | theta)}, up to a constant that does not depend on theta.
   *
   * @param theta [d], not modified
   */
  double value(double[] theta);

  /**
   * Adds {@code factor grad log p(x_row | theta)} to {@code out}, the row's power left out.
   *
   * @param theta [d], not modified
   * @param row below {@link #rows}
   * @param out [d]
   */
  void addRowGradient(double[] theta, int row, double factor, double[] out);

  /**
   * Adds {@code factor sum_i w_i grad log p(x_i | theta)} to {@code out}.
   *
   * @param theta [d], not modified
   * @param out [d]
   */
  default void addGradient(double[] theta, double factor, double[] out) {
    for (int i = 0; i < rows(); i++) {
      addRowGradient(theta, i, factor * power(i), out);
    }
  }

  /**
   * The Gauss-Newton part of {@link #information}, which is all of it where the model's outputs are
   * linear in theta: positive semidefinite but for rounding wherever the loss is convex in them.
   *
   * @param theta [d], not modified
   * @param out [d x d], overwritten
   * @return false where the model does not offer it; {@code out} is then undefined
   */
  default boolean gaussNewton(double[] theta, double[] out) {
    return information(theta, out);
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
