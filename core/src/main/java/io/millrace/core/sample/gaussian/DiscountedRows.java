package io.millrace.core.sample.gaussian;

import io.millrace.core.rng.Draws;
import io.millrace.core.sample.Discount;
import io.millrace.core.sample.LinearGaussian;
import io.millrace.core.sample.NaturalGaussian;

/**
 * Rows of a linear-Gaussian model, the oldest first, that count for less the older they are.
 *
 * @param undiscounted of which each counts for one
 */
public record DiscountedRows(LinearGaussian undiscounted, Discount discount)
    implements LinearGaussian {
  @Override
  public int size() {
    return undiscounted.size();
  }

  @Override
  public int rows() {
    return undiscounted.rows();
  }

  @Override
  public double mass() {
    return discount.mass(rows());
  }

  @Override
  public double power(int row) {
    return discount.power(row, rows());
  }

  @Override
  public int draw(Draws draws, long k) {
    return discount.draw(draws, k, rows());
  }

  /**
   * {@inheritDoc}
   *
   * <p>Allocates.
   */
  @Override
  public double value(double[] theta) {
    NaturalGaussian all = exact().orElseThrow();
    double[] gradient = new double[theta.length];
    all.addGradient(theta, 1, gradient);
    double sum = 0;
    for (int i = 0; i < theta.length; i++) {
      sum += theta[i] * (all.eta()[i] + gradient[i]) / 2; // eta - Lambda theta / 2
    }
    return sum;
  }

  @Override
  public void addRowGradient(double[] theta, int row, double factor, double[] out) {
    undiscounted.addRowGradient(theta, row, factor, out);
  }

  @Override
  public void addRow(int row, double factor, double[] a, double[] b) {
    undiscounted.addRow(row, factor, a, b);
  }
}
