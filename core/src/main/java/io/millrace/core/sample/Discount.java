package io.millrace.core.sample;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Elementary;
import io.millrace.core.rng.Draws;
import java.io.Serializable;

/**
 * Rows that count for less the more have come after them: row i of n has the power {@code w_i =
 * rho^(n-1-i)}, and the likelihood is {@code prod_i p(x_i | theta)^w_i}. A mini-batch draws row i
 * with probability {@code w_i / sum w}, so an estimate is scaled by {@code sum w} where it would
 * otherwise be by n. Immutable.
 */
public final class Discount implements Serializable {
  private static final long serialVersionUID = 1;

  /** Rows that all count for one. */
  public static final Discount NONE = new Discount(1);

  private final double rho;
  private final double log;

  /**
   * By a factor for each row that comes after.
   *
   * @param rho in (0, 1]; 1: none
   */
  public Discount(double rho) {
    if (!(rho > 0 && rho <= 1)) {
      throw new ConfigException("data.discount = " + rho + "; must lie in (0, 1]");
    }
    this.rho = rho;
    this.log = Elementary.log(rho);
  }

  /** A row has half its power left when so many have come after it. */
  public static Discount halfLife(double rows) {
    if (!(rows > 0)) {
      throw new ConfigException("data.half-life = " + rows + " rows; must be positive");
    }
    return new Discount(Elementary.exp(Elementary.log(0.5) / rows));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Discount d && d.rho == rho;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(rho);
  }

  @Override
  public String toString() {
    return Double.toString(rho);
  }

  /** Whether all rows count for one. */
  public boolean isNone() {
    return rho == 1;
  }

  /** w of a row. */
  public double power(int row, int rows) {
    return isNone() ? 1 : Elementary.exp((rows - 1 - row) * log);
  }

  /** {@code sum w}; what rows older than those there are would add to it is not counted. */
  public double mass(int rows) {
    return isNone() ? rows : (1 - Elementary.exp(rows * log)) / (1 - rho);
  }

  /**
   * The row that draw k of a mini-batch is.
   *
   * @param rows at least 1
   */
  public int draw(Draws draws, long k, int rows) {
    if (isNone()) {
      return draws.index(k, rows);
    }
    // P(age < a) = (1 - rho^a) / (1 - rho^n), turned round.
    double left = 1 - draws.uniform(k) * (1 - Elementary.exp(rows * log));
    int age = (int) (Elementary.log(left) / log);
    return rows - 1 - Math.min(Math.max(age, 0), rows - 1);
  }
}
