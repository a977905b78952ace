package io.millrace.core.tree;

import io.millrace.core.compute.Elementary;
import java.util.Arrays;

/**
 * How often a tree takes an event: Poisson numbers by inversion. Immutable.
 *
 * <pre>
 * the smallest k with u &lt; F(k),   p_0 = e^-lambda,  p_k = p_(k-1) lambda / k,  F summed upwards
 * </pre>
 *
 * <p>A uniform number beyond the last sum, which rounding keeps below 1, gives the k behind it.
 */
public final class PoissonTable {
  private final double[] sums;

  /**
   * A table.
   *
   * @param lambda mean, above 0 and at most 100
   */
  public PoissonTable(double lambda) {
    double[] table = new double[1024];
    double p = Elementary.exp(-lambda);
    double sum = p;
    int k = 0;
    table[0] = sum;
    while (k < lambda || sum + p * lambda / (k + 1) > sum) {
      k++;
      p = p * lambda / k;
      sum += p;
      table[k] = sum;
    }
    sums = Arrays.copyOf(table, k + 1);
  }

  /**
   * The number for a uniform one.
   *
   * @param u in [0, 1)
   */
  public int of(double u) {
    int k = 0;
    while (k < sums.length && !(u < sums[k])) {
      k++;
    }
    return k;
  }
}
