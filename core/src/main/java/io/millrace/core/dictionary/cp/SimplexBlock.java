package io.millrace.core.dictionary.cp;

import io.millrace.core.compute.Elementary;

/**
 * Vectors of the probability simplex as unknowns of a block, entropy and proximal term as its
 * regularizer, in the dual:
 *
 * <pre>
 * R(x)  = rho sum x ln x + prox sum x ln(x / old)
 * R*(z) = (rho + prox) ln sum exp((z + prox ln old) / (rho + prox)),   grad R*(z) = softmax
 * </pre>
 *
 * <p>The proximal term is relative entropy and not half the squared distance, because only so has
 * R* a closed form. By Pinsker's inequality it is the larger of the two, {@code KL(x, old) >= 0.5
 * ||x - old||_1^2 >= 0.5 ||x - old||^2}, so what BCD-PR guarantees of the sum of squared moves
 * holds as well.
 */
final class SimplexBlock {
  /** Entries below count as this: an entry that has become 0 could never leave it. */
  private static final double LEAST = 1e-300;

  private final double rho;
  private final double prox;

  /**
   * A regularizer.
   *
   * @param rho weight of the entropy, at least 0
   * @param prox weight of the proximal term, at least 0; one of the two above 0
   */
  SimplexBlock(double rho, double prox) {
    this.rho = rho;
    this.prox = prox;
  }

  /** Natural logarithms of the old point, as {@link #solve} needs them. */
  static void logarithms(double[] old, int length, double[] out) {
    for (int i = 0; i < length; i++) {
      out[i] = Elementary.log(Math.max(old[i], LEAST));
    }
  }

  /**
   * {@code sum_c R*(z_c)} over consecutive vectors.
   *
   * @param z [count x length], overwritten by the gradients, the primal points
   * @param logOld [count x length]; not read where prox is 0
   */
  double solve(double[] z, int count, int length, double[] logOld) {
    double weight = rho + prox;
    double sum = 0;
    for (int c = 0; c < count; c++) {
      int at = c * length;
      for (int i = at; i < at + length; i++) {
        z[i] = (prox == 0 ? z[i] : z[i] + prox * logOld[i]) / weight;
      }
      sum += weight * SoftMax.normalize(z, at, length);
    }
    return sum;
  }

  /** {@code prox KL(x, old)}, what a block's value holds beside the objective. */
  double proximity(double[] x, int length, double[] logOld) {
    double sum = 0;
    for (int i = 0; i < length && prox > 0; i++) {
      sum += x[i] > 0 ? x[i] * (Elementary.log(x[i]) - logOld[i]) : 0;
    }
    return prox * sum;
  }
}
