package io.millrace.core.dictionary.coder;

import io.millrace.core.compute.Vectors;
import io.millrace.core.dictionary.Gram;

/**
 * The lasso restricted to the non-zeros of a code, with a packed copy of their Gram matrix. Signs
 * are kept: an entry that reaches 0 leaves. Scratch of a coder; allocates only when it grows. Not
 * thread-safe.
 */
final class PackedLasso {
  /** A squared pivot below this part of its diagonal: the atom depends on those before it. */
  private static final double LEAST_PIVOT = 1e-12;

  private double lambda2;

  /** Atoms that were taken in, and what has become of their entries. */
  private int[] atom = {};

  private double[] before = {};
  private double[] after = {};
  private double[][] row = {};
  private int taken;

  /** Those of them that have not left: position among the taken, entry, sign times lambda. */
  private int[] place = {};

  private double[] entry = {};
  private double[] pull = {};
  private double[] g = {};
  private double[] move = {};
  private int count;

  /** G_SS + lambda2 I and its Cholesky factor, rows of {@link #stride}. */
  private double[] packed = {};

  private double[] factor = {};
  private int stride;

  /**
   * Takes in the non-zeros of a code.
   *
   * @param residual {@code c - G a}, [K]
   */
  void load(Gram gram, double[] residual, double[] a, int aOffset, LassoProblem problem) {
    begin(gram.atoms(), problem);
    for (int j = 0; j < gram.atoms(); j++) {
      take(gram, residual, j, a[aOffset + j], problem);
    }
    pack();
  }

  /**
   * Takes in the non-zeros of a code.
   *
   * @param residual {@code c - G a}, [K]
   * @param active where they are, among others
   */
  void load(
      Gram gram,
      double[] residual,
      double[] a,
      int aOffset,
      int[] active,
      int activeCount,
      LassoProblem problem) {
    begin(gram.atoms(), problem);
    for (int k = 0; k < activeCount; k++) {
      take(gram, residual, active[k], a[aOffset + active[k]], problem);
    }
    pack();
  }

  private void begin(int atoms, LassoProblem problem) {
    lambda2 = problem.lambda2();
    reserve(atoms);
    taken = 0;
  }

  private void take(Gram gram, double[] residual, int j, double v, LassoProblem problem) {
    if (v != 0) {
      atom[taken] = j;
      before[taken] = v;
      row[taken] = gram.row(j);
      place[taken] = taken;
      entry[taken] = v;
      pull[taken] = Math.copySign(problem.lambda(), v);
      g[taken] = residual[j];
      taken++;
    }
  }

  private void pack() {
    count = taken;
    if (packed.length < count * count) {
      packed = new double[2 * count * count];
      factor = new double[2 * count * count];
    }
    stride = count;
    for (int i = 0; i < count; i++) {
      double[] from = row[i];
      for (int k = i; k < count; k++) {
        packed[i * stride + k] = from[atom[k]];
      }
      packed[i * stride + i] += lambda2;
    }
  }

  /**
   * Minimises over the entries, their signs fixed: each round goes towards the solution of {@code
   * (G_SS + lambda2 I) a = c_S - lambda sign} until an entry reaches 0 and leaves. Where an atom
   * depends on those before it, the round instead goes along that dependence, which changes only
   * the penalty, the way that does not raise it; so at the end no atom depends on others.
   */
  void settle() {
    int factored = 0;
    while (count > 0) {
      int dependent = factorize(factored);
      double step = Double.POSITIVE_INFINITY;
      if (dependent < count) {
        dependence(dependent);
      } else {
        solve();
        step = 1;
      }
      int leaves = -1;
      for (int i = 0; i < count; i++) {
        double v = entry[i];
        if (v * move[i] < 0 && -v / move[i] < step) {
          step = -v / move[i];
          leaves = i;
        }
      }
      if (leaves < 0 && dependent < count) {
        return; // no entry nears 0: all that depend on each other are 0 already
      }
      for (int i = 0; i < count; i++) {
        if (dependent == count) {
          // (G + lambda2 I) move = g - pull - lambda2 entry: no product is needed to follow it.
          g[i] -= step * (g[i] - pull[i] - lambda2 * entry[i] - lambda2 * move[i]);
        }
        entry[i] += step * move[i];
      }
      if (leaves < 0) {
        return;
      }
      leave(leaves);
      factored = leaves;
    }
  }

  /**
   * move = n with {@code (G_SS + lambda2 I) n = 0}, n_k = 1 and none behind k, or minus that: the
   * way that does not raise the penalty and along which an entry nears 0.
   */
  private void dependence(int k) {
    double slope = pull[k];
    boolean falls = entry[k] < 0;
    for (int i = k + 1; i < count; i++) {
      move[i] = 0;
    }
    move[k] = 1;
    for (int i = k - 1; i >= 0; i--) {
      int at = i * stride;
      double v = -factor[at + k];
      for (int l = i + 1; l < k; l++) {
        v -= factor[at + l] * move[l];
      }
      move[i] = v * factor[at + i];
      slope += pull[i] * move[i];
      falls |= move[i] * entry[i] < 0;
    }
    if (slope > 0 || !falls) {
      for (int i = 0; i <= k; i++) {
        move[i] = -move[i];
      }
    }
  }

  /**
   * The Cholesky factor U with U' U = G_SS + lambda2 I, its rows before {@code from} there.
   *
   * @return the first that depends on those before it, the count where none does
   */
  private int factorize(int from) {
    for (int k = from; k < count; k++) {
      int at = k * stride;
      System.arraycopy(packed, at + k, factor, at + k, count - k);
      for (int p = 0; p < k; p++) {
        int row = p * stride;
        double f = factor[row + k];
        for (int l = k; l < count; l++) {
          factor[at + l] -= f * factor[row + l];
        }
      }
      double pivot = factor[at + k];
      if (!(pivot > LEAST_PIVOT * packed[at + k])) {
        return k;
      }
      double inverse = 1 / Math.sqrt(pivot);
      factor[at + k] = inverse; // the diagonal is kept inverted
      for (int l = k + 1; l < count; l++) {
        factor[at + l] *= inverse;
      }
    }
    return count;
  }

  /** move = (G_SS + lambda2 I)^-1 (g - pull - lambda2 entry). */
  private void solve() {
    for (int i = 0; i < count; i++) {
      move[i] = g[i] - pull[i] - lambda2 * entry[i];
    }
    for (int i = 0; i < count; i++) {
      int at = i * stride;
      double v = move[i] * factor[at + i];
      move[i] = v;
      for (int l = i + 1; l < count; l++) {
        move[l] -= v * factor[at + l];
      }
    }
    for (int i = count - 1; i >= 0; i--) {
      int at = i * stride;
      double v = move[i];
      for (int l = i + 1; l < count; l++) {
        v -= factor[at + l] * move[l];
      }
      move[i] = v * factor[at + i];
    }
  }

  /** Lets an entry go. */
  private void leave(int i) {
    after[place[i]] = 0;
    count--;
    for (int k = i; k < count; k++) {
      place[k] = place[k + 1];
      entry[k] = entry[k + 1];
      pull[k] = pull[k + 1];
      g[k] = g[k + 1];
    }
    for (int k = 0; k < count; k++) {
      int to = k * stride;
      if (k < i) {
        System.arraycopy(packed, to + i + 1, packed, to + i, count - i);
        System.arraycopy(factor, to + i + 1, factor, to + i, count - i);
      } else {
        System.arraycopy(packed, to + stride + k + 1, packed, to + k, count - k);
      }
    }
  }

  /** Writes the entries back and brings the residual's correlations up to date. */
  void store(int atoms, double[] residual, double[] a, int aOffset) {
    for (int i = 0; i < count; i++) {
      after[place[i]] = entry[i];
    }
    for (int i = 0; i < taken; i++) {
      a[aOffset + atom[i]] = after[i];
      before[i] -= after[i];
    }
    Vectors.addRows(taken, atoms, 1, before, 0, 1, row, residual);
  }

  private void reserve(int atoms) {
    if (atom.length < atoms) {
      atom = new int[atoms];
      before = new double[atoms];
      after = new double[atoms];
      row = new double[atoms][];
      place = new int[atoms];
      entry = new double[atoms];
      pull = new double[atoms];
      g = new double[atoms];
      move = new double[atoms];
    }
  }
}
