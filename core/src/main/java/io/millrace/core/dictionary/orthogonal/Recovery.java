package io.millrace.core.dictionary.orthogonal;

import io.millrace.core.compute.Vectors;

/** How far learned atoms are from the true ones, up to their order and sign. */
public final class Recovery {
  private Recovery() {}

  /**
   * {@code 1 - (1/K) sum_j max_i |<d_j, t_i>|} over learned atoms d_j and true ones t_i of unit
   * norm; 0 where each learned atom of unit norm is a true one.
   *
   * @param truth atom-major, atoms of m numbers
   * @param learned atom-major, likewise
   */
  public static double error(double[] truth, double[] learned, int m) {
    double sum = 0;
    for (int j = 0; j < learned.length; j += m) {
      double best = 0;
      for (int i = 0; i < truth.length; i += m) {
        best = Math.max(best, Math.abs(Vectors.dot(learned, j, truth, i, m)));
      }
      sum += best;
    }
    return 1 - sum * m / learned.length;
  }
}
