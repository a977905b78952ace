package io.millrace.core.dictionary.coder;

import io.millrace.core.dictionary.Gram;
import io.millrace.core.linalg.GrowingCholesky;
import java.util.Arrays;

/**
 * The atoms in use by a code, in the order in which they came, and the Cholesky factor of {@code
 * G_SS + lambda2 I}. Scratch of coders; allocates only when it grows. Not thread-safe.
 */
final class Support {
  /** A squared pivot below this part of the diagonal: the atom depends on those held. */
  private static final double LEAST_PIVOT = 1e-12;

  private final GrowingCholesky factor = new GrowingCholesky();
  private int[] atom = {};
  private double[] sign = {};
  private double[] value = {};
  private double[] work = {};
  private double lambda2;

  /** Empties it. */
  void clear(double ridge) {
    factor.clear();
    lambda2 = ridge;
  }

  int size() {
    return factor.size();
  }

  /** The i-th atom to have come. */
  int atom(int i) {
    return atom[i];
  }

  double sign(int i) {
    return sign[i];
  }

  /** The entry of the i-th atom; live, to be moved along a path. */
  double[] values() {
    return value;
  }

  /**
   * Takes an atom in, with value 0.
   *
   * @param side 1 or -1
   * @return false where it depends on those held: then nothing has changed
   */
  boolean join(Gram gram, int j, double side) {
    int n = size();
    reserve(n + 1);
    for (int i = 0; i < n; i++) {
      work[i] = gram.at(j, atom[i]);
    }
    double diagonal = gram.at(j, j) + lambda2;
    if (!factor.append(work, diagonal, LEAST_PIVOT * diagonal)) {
      return false;
    }
    atom[n] = j;
    sign[n] = side;
    value[n] = 0;
    return true;
  }

  /** Lets the i-th atom go; those after it move up. */
  void drop(int i) {
    int after = size() - i - 1;
    factor.remove(i);
    System.arraycopy(atom, i + 1, atom, i, after);
    System.arraycopy(sign, i + 1, sign, i, after);
    System.arraycopy(value, i + 1, value, i, after);
  }

  /** The direction in which the correlations of all atoms held fall at the same rate. */
  void direction(double[] u) {
    System.arraycopy(sign, 0, u, 0, size());
    factor.solve(u);
  }

  /**
   * Sets the values to {@code (G_SS + lambda2 I)^-1 (c_S - lambda sign)}, with one step of
   * refinement.
   *
   * @return whether every value has its atom's sign
   */
  boolean settle(Gram gram, double[] c, int cOffset, double lambda) {
    int n = size();
    for (int i = 0; i < n; i++) {
      value[i] = c[cOffset + atom[i]] - lambda * sign[i];
    }
    factor.solve(value);
    for (int i = 0; i < n; i++) {
      double rest = c[cOffset + atom[i]] - lambda * sign[i] - lambda2 * value[i];
      for (int k = 0; k < n; k++) {
        rest -= gram.at(atom[i], atom[k]) * value[k];
      }
      work[i] = rest;
    }
    factor.solve(work);
    boolean agree = true;
    for (int i = 0; i < n; i++) {
      value[i] += work[i];
      agree &= value[i] * sign[i] >= 0;
    }
    return agree;
  }

  /**
   * Sets values to 0 that have not their atom's sign: a descent that goes on from there keeps the
   * signs it finds, were they those of rounding.
   */
  void clearDisagreeing() {
    for (int i = 0; i < size(); i++) {
      if (value[i] * sign[i] < 0) {
        value[i] = 0;
      }
    }
  }

  /** Writes the code: values where atoms are held, 0 elsewhere. */
  void write(int atoms, double[] a, int aOffset) {
    Arrays.fill(a, aOffset, aOffset + atoms, 0);
    for (int i = 0; i < size(); i++) {
      a[aOffset + atom[i]] = value[i];
    }
  }

  private void reserve(int n) {
    if (n > atom.length) {
      int larger = Math.max(16, 2 * atom.length);
      atom = Arrays.copyOf(atom, larger);
      sign = Arrays.copyOf(sign, larger);
      value = Arrays.copyOf(value, larger);
      work = Arrays.copyOf(work, larger);
    }
  }
}
