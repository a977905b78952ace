package io.millrace.core.rng;

/**
 * Randomness as a function of (job seed, stream id, step, purpose, index): the same index always
 * gives the same number. No state, so nothing to checkpoint.
 */
public interface Draws {
  /** Uniform in [0, 1) with 53 bits. */
  double uniform(long index);

  /** Standard normal. */
  double normal(long index);

  /** Uniform in {@code 0 .. bound-1}. */
  int index(long index, int bound);

  /** An independent stream for another purpose. */
  Draws fork(int purpose);
}
