package io.millrace.core.dictionary;

import io.millrace.core.compute.Workspace;

/**
 * A rule that finds the sparse code {@code a} of a signal {@code x} under a dictionary, from the
 * Gram matrix and the correlations {@code c_j = <d_j, x>} alone: the signal itself is not needed.
 * Deterministic, ties go to the lowest index. Immutable and thread-safe; allocates nothing in
 * steady state.
 */
public interface SparseCoder {
  /** Id in {@link io.millrace.core.dictionary.learner.Coders}. */
  String id();

  /**
   * Codes one signal.
   *
   * @param gram of the dictionary; an atom with {@code G_jj = 0} is never used
   * @param c correlations, [K] from {@code cOffset}; not modified
   * @param xx {@code ||x||^2}
   * @param a the code, [K] from {@code aOffset}; the start for rules that take one (all zeros: no
   *     start), overwritten by the result
   * @return sweeps taken, negated where the limit ended them before the tolerance was met. A sweep
   *     gives every entry one chance to change. The code is finite and no worse than zeros in
   *     either case
   */
  int encode(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace);

  /**
   * What the rule adds to {@code 0.5 ||x - D a||^2}; 0 where it has no penalty.
   *
   * @param a [K] from {@code aOffset}
   */
  double penalty(int atoms, double[] a, int aOffset);

  /**
   * An upper bound on how far the objective at a code lies above its least value: the duality gap.
   * Rules that do not minimise a convex objective report the squared residual instead.
   *
   * @param c correlations, [K] from {@code cOffset}; not modified
   * @param xx {@code ||x||^2}
   * @param a the code, [K] from {@code aOffset}; not modified
   */
  double gap(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace);
}
