package io.millrace.core.rng;

/**
 * Randomness as a function of (job seed, stream id, step, purpose, index): the same index always
 * gives the same number, so there is no generator state to checkpoint. Uniforms, normals and
 * indexes of one purpose are cut from the same random words: use one kind per purpose, or indexes
 * that do not meet (see {@link PhiloxDraws}). Nothing here allocates, except the first {@link
 * #fork} for a purpose.
 */
public interface Draws {
  /**
   * Uniform in [0, 1) with 53 bits.
   *
   * @param index from 0
   */
  double uniform(long index);

  /**
   * Standard normal.
   *
   * @param index from 0
   */
  double normal(long index);

  /**
   * Uniform in {@code 0 .. bound-1}; the bias is below {@code bound / 2^32}.
   *
   * @param index from 0
   * @param bound at least 1
   */
  int index(long index, int bound);

  /**
   * A coin flip: heads with probability {@code p}.
   *
   * @param index from 0
   */
  default boolean coin(long index, double p) {
    return uniform(index) < p;
  }

  /**
   * 1 or -1 with equal probability (Rademacher).
   *
   * @param index from 0
   */
  default double sign(long index) {
    return uniform(index) < 0.5 ? -1 : 1;
  }

  /**
   * An outcome with the given probabilities: the first i with {@code uniform(index) < p[0] + .. +
   * p[i]}, the last one if rounding leaves none.
   *
   * @param probabilities sum to 1, not modified
   */
  default int categorical(long index, double[] probabilities) {
    double u = uniform(index);
    double sum = 0;
    for (int i = 0; i < probabilities.length; i++) {
      sum += probabilities[i];
      if (u < sum) {
        return i;
      }
    }
    return probabilities.length - 1;
  }

  /**
   * The stream of another purpose, at the same seed, stream id and step, and following this one
   * when it is moved to another step.
   *
   * @param purpose one of {@link Purpose}, or a number agreed on by its users
   */
  Draws fork(int purpose);
}
