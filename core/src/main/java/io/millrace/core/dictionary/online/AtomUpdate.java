package io.millrace.core.dictionary.online;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import java.util.Arrays;

/**
 * The dictionary half of a round: statistics from codes, block coordinate sweeps over the atoms,
 * replacement of unused ones. Mairal, Bach, Ponce, Sapiro, JMLR 11 (2010), algorithm 2, with
 *
 * <pre>
 * A = sum a a',  B = sum x a',   u = d_j + (b_j - D a_j) / A_jj,   d_j = P(u)
 * </pre>
 *
 * <p>Each atom's problem is a quadratic with Hessian A_jj I, so the projection P gives its exact
 * minimiser over the constraint set and a sweep never increases the surrogate {@code 0.5 tr(D'D A)
 * - tr(D'B)}. D and B are atom-major [K x m]. Immutable.
 */
final class AtomUpdate {
  /**
   * An atom whose A_jj is a smaller share of the signals' squared norms, summed up alike, is
   * unused: the step would divide by nothing.
   */
  static final double UNUSED = 1e-7;

  private final int dimension;
  private final int atoms;
  private final AtomSet set;
  private final double gamma;
  private final boolean nonNegative;

  AtomUpdate(int dimension, int atoms, AtomSet set, double gamma, boolean nonNegative) {
    this.dimension = dimension;
    this.atoms = atoms;
    this.set = set;
    this.gamma = gamma;
    this.nonNegative = nonNegative;
  }

  /** Projects one atom. */
  void project(double[] u, int at) {
    set.project(u, at, dimension, gamma, nonNegative);
  }

  /**
   * A = beta A + (1/n) sum w a a', B = beta B + (1/n) sum w x a'. Codes are sparse, so their outer
   * products are added on the support alone.
   *
   * @return non-zeros of all codes
   */
  long accumulate(
      double beta,
      double[] x,
      double[] weights,
      double[] codes,
      int n,
      double[] a,
      double[] b,
      Workspace workspace) {
    scale(a, beta);
    scale(b, beta);
    Support support = workspace.object("atom-support", Support.class, Support::new);
    long nonZeros = 0;
    for (int r = 0; r < n; r++) {
      int count = support.collect(codes, r * atoms, atoms);
      nonZeros += count;
      int[] index = support.index;
      double[] value = support.value;
      double w = weights[r] / n;
      for (int p = 0; p < count; p++) {
        int row = index[p] * atoms;
        double v = value[p];
        for (int q = 0; q < count; q++) {
          a[row + index[q]] += w * (v * value[q]);
        }
        axpy(w * v, x, r * dimension, b, index[p] * dimension, dimension);
      }
    }
    return nonZeros;
  }

  /**
   * Sweeps over the atoms in order, each update used at once.
   *
   * @param d modified in place
   * @param least A_jj of an unused atom at most
   */
  void sweep(int sweeps, double[] d, double[] a, double[] b, double least, Workspace workspace) {
    double[] u = workspace.array("atom-update.u", dimension);
    double[][] rows = rows(workspace);
    for (int j = 0; j < atoms; j++) {
      System.arraycopy(d, j * dimension, rows[j], 0, dimension);
    }
    for (int s = 0; s < sweeps; s++) {
      for (int j = 0; j < atoms; j++) {
        double curvature = a[j * atoms + j];
        if (curvature > least) {
          System.arraycopy(b, j * dimension, u, 0, dimension);
          Vectors.addRows(atoms, dimension, -1, a, j * atoms, 1, rows, u);
          Vectors.add(dimension, 1 / curvature, u, rows[j]);
          project(rows[j], 0);
        }
      }
    }
    for (int j = 0; j < atoms; j++) {
      System.arraycopy(rows[j], 0, d, j * dimension, dimension);
    }
  }

  /** Atoms as arrays of their own, for {@link Vectors#addRows}. */
  private double[][] rows(Workspace workspace) {
    Rows held = workspace.object("atom-update.rows", Rows.class, Rows::new);
    if (held.rows.length != atoms || held.rows[0].length != dimension) {
      held.rows = new double[atoms][dimension];
    }
    return held.rows;
  }

  /**
   * Counts on how many signals each atom has not been used.
   *
   * @param idle [K], modified
   */
  void idle(double[] codes, int n, double[] idle) {
    for (int j = 0; j < atoms; j++) {
      boolean used = false;
      for (int r = 0; r < n && !used; r++) {
        used = codes[r * atoms + j] != 0;
      }
      idle[j] = used ? 0 : idle[j] + n;
    }
  }

  /**
   * Number of unused atoms.
   *
   * @param least A_jj of an unused atom at most
   * @param idle [K] signals that an atom was not used on; below 0: it is not to be given up yet
   * @param patience signals that an atom may be idle for
   */
  int unused(double[] a, double least, double[] idle, double patience) {
    int n = 0;
    for (int j = 0; j < atoms; j++) {
      n += isUnused(a, least, idle, patience, j) ? 1 : 0;
    }
    return n;
  }

  private boolean isUnused(double[] a, double least, double[] idle, double patience, int j) {
    return idle[j] >= 0 && a[j * atoms + j] <= least || idle[j] >= patience;
  }

  /**
   * Unused atoms, in order, become samples of the batch picked at random; what the statistics know
   * of them is cleared. A pick that is zero leaves its atom as it is.
   *
   * @param idle [K], modified; the rest as in {@link #unused}
   * @param limit most atoms to replace
   * @param draws pick r is {@code index(r, n)}
   * @return atoms replaced
   */
  int replaceUnused(
      double least,
      double[] idle,
      double patience,
      int limit,
      double[] x,
      int n,
      double[] d,
      double[] a,
      double[] b,
      Draws draws) {
    int picks = 0;
    int replaced = 0;
    for (int j = 0; j < atoms && picks < limit; j++) {
      if (isUnused(a, least, idle, patience, j)) {
        int sample = draws.index(picks, n);
        picks++;
        if (take(x, sample * dimension, d, j)) {
          replaced++;
          idle[j] = 0;
          for (int k = 0; k < atoms; k++) {
            a[j * atoms + k] = 0;
            a[k * atoms + j] = 0;
          }
          Arrays.fill(b, j * dimension, (j + 1) * dimension, 0);
        }
      }
    }
    return replaced;
  }

  /**
   * Makes a signal, scaled to unit norm, an atom.
   *
   * @return false where nothing of the signal is left to scale; the atom is as it was
   */
  boolean take(double[] x, int from, double[] d, int j) {
    double squares = 0;
    for (int i = from; i < from + dimension; i++) {
      double v = nonNegative ? Math.max(x[i], 0) : x[i];
      squares += v * v;
    }
    if (squares == 0) {
      return false;
    }
    double norm = Math.sqrt(squares);
    int at = j * dimension;
    for (int i = 0; i < dimension; i++) {
      d[at + i] = x[from + i] / norm;
    }
    project(d, at);
    return true;
  }

  private static void scale(double[] v, double by) {
    if (by != 1) {
      for (int i = 0; i < v.length; i++) {
        v[i] *= by;
      }
    }
  }

  private static void axpy(double f, double[] x, int xFrom, double[] y, int yFrom, int n) {
    for (int i = 0; i < n; i++) {
      y[yFrom + i] += f * x[xFrom + i];
    }
  }

  /** Where a workspace keeps the rows. */
  private static final class Rows {
    double[][] rows = {};
  }

  /** Non-zeros of one code. Not thread-safe. */
  private static final class Support {
    int[] index = {};
    double[] value = {};

    int collect(double[] codes, int from, int atoms) {
      if (index.length < atoms) {
        index = new int[atoms];
        value = new double[atoms];
      }
      int n = 0;
      for (int j = 0; j < atoms; j++) {
        double v = codes[from + j];
        if (v != 0) {
          index[n] = j;
          value[n++] = v;
        }
      }
      return n;
    }
  }
}
