package io.millrace.core.sample;

import java.util.Optional;

/**
 * A likelihood whose rows are Gaussian functions of theta: {@code grad log p(x_i | theta) = b_i -
 * A_i theta}. Posteriors, and the stationary law of chains, have closed forms.
 */
public interface LinearGaussian extends Likelihood {
  /**
   * Adds {@code factor A_row} and {@code factor b_row}.
   *
   * @param a [d x d]
   * @param b [d]
   */
  void addRow(int row, double factor, double[] a, double[] b);

  @Override
  default boolean information(double[] theta, double[] out) {
    System.arraycopy(exact().orElseThrow().lambda(), 0, out, 0, out.length);
    return true;
  }

  @Override
  default Optional<NaturalGaussian> exact() {
    int d = size();
    double[] a = new double[d * d];
    double[] b = new double[d];
    for (int i = 0; i < rows(); i++) {
      addRow(i, power(i), a, b);
    }
    return Optional.of(NaturalGaussian.full(b, a));
  }
}
