package io.millrace.core.dictionary.nmf;

import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.spec.Choice;
import java.util.Arrays;
import java.util.List;

/**
 * Codes of signals under the generalised Kullback-Leibler divergence, atoms fixed: minimises {@code
 * sum_i x_i ln(x_i / p_i) - x_i + p_i}, p = sum_k a_k d_k, over a >= 0. By
 *
 * <pre>
 * newton          a_k = max(a_k - f' / f'', 0),   f' = sum_i d_ki - sum_i d_ki x_i / p_i,
 *                 f'' = sum_i d_ki^2 x_i / p_i^2            k after k, p kept up to date
 * multiplicative  a_k = a_k (sum_i d_ki x_i / p_i) / sum_i d_ki     all k at once
 * </pre>
 *
 * <p>Newton steps by coordinate: Hsieh, Dhillon, "Fast Coordinate Descent Methods with Variable
 * Selection for Non-negative Matrix Factorization", KDD 2011. Multiplicative updates take some
 * hundred sweeps for what they reach in ten; they are there because others use them. Both only look
 * at entries of x above 0. f' is concave, so a Newton step never passes its zero from below; from
 * above it may pass 0, and then 0 is taken only if it is the minimum.
 *
 * <p>An entry is at most the signal's sum over the atom's, which is what the whole signal would
 * take. Immutable.
 */
final class KlCoder {
  static final String MULTIPLICATIVE = "multiplicative";

  static final Choice CHOICE =
      Choice.changeable(
          "codes",
          List.of("newton", MULTIPLICATIVE),
          "how a code is found: Newton steps by coordinate, or multiplicative updates, which take"
              + " far more sweeps");

  /** The part of an entry that a Newton step past 0 leaves, where 0 is not the minimum. */
  private static final double SHORTENED = 0.1;

  private final int dimension;
  private final int atoms;
  private final boolean multiplicative;
  private final double tolerance;
  private final int maxSweeps;

  KlCoder(int dimension, int atoms, boolean multiplicative, double tolerance, int maxSweeps) {
    this.dimension = dimension;
    this.atoms = atoms;
    this.multiplicative = multiplicative;
    this.tolerance = tolerance;
    this.maxSweeps = maxSweeps;
  }

  /** Sums of the atoms; good until the next call. */
  double[] sums(double[] d, Workspace workspace) {
    double[] sums = workspace.array("kl-coder.sums", atoms);
    for (int k = 0; k < atoms; k++) {
      double sum = 0;
      for (int i = k * dimension; i < (k + 1) * dimension; i++) {
        sum += d[i];
      }
      sums[k] = sum;
    }
    return sums;
  }

  /**
   * Codes signals.
   *
   * @param x [n x m], not negative
   * @param d [K x m], not negative
   * @param codes [n x K], overwritten
   * @param objectives [n], overwritten by the divergences
   * @return codes that the limit of sweeps ended
   */
  int encode(
      double[] x, int n, double[] d, double[] codes, double[] objectives, Workspace workspace) {
    double[] sums = sums(d, workspace);
    Signal s = workspace.object("kl-coder", Signal.class, Signal::new);
    int unconverged = 0;
    for (int r = 0; r < n; r++) {
      s.aim(x, r * dimension, dimension, d, atoms);
      int at = r * atoms;
      start(s, sums, codes, at);
      boolean done = s.mass == 0;
      for (int sweep = 0; sweep < maxSweeps && !done; sweep++) {
        double moved = multiplicative ? multiply(s, sums, codes, at) : newton(s, sums, codes, at);
        done = moved <= tolerance * s.mass;
      }
      unconverged += done ? 0 : 1;
      s.reconstruct(codes, at, atoms);
      objectives[r] = s.divergence(codes, at, sums);
    }
    return unconverged;
  }

  /** Equal entries with which the reconstruction has the signal's sum. */
  private void start(Signal s, double[] sums, double[] codes, int at) {
    double all = 0;
    for (int k = 0; k < atoms; k++) {
      all += sums[k];
    }
    double each = all > 0 ? s.mass / all : 0;
    for (int k = 0; k < atoms; k++) {
      codes[at + k] = sums[k] > 0 ? multiplicative ? Math.signum(s.mass) : each : 0;
    }
    s.reconstruct(codes, at, atoms);
  }

  /** One update of all entries; the largest change of what an entry bears. */
  private double multiply(Signal s, double[] sums, double[] codes, int at) {
    double moved = 0;
    for (int i = 0; i < s.count; i++) {
      s.ratio[i] = s.value[i] / s.p[i];
    }
    for (int k = 0; k < atoms; k++) {
      if (sums[k] > 0) {
        double before = codes[at + k];
        double pull = Vectors.dot(s.part, k * s.count, s.ratio, 0, s.count);
        codes[at + k] = before * (pull / sums[k]);
        moved = Math.max(moved, Math.abs(codes[at + k] - before) * sums[k]);
      }
    }
    s.reconstruct(codes, at, atoms);
    return moved;
  }

  /** One Newton step of every entry; the largest change of what an entry bears. */
  private double newton(Signal s, double[] sums, double[] codes, int at) {
    double moved = 0;
    int count = s.count;
    for (int k = 0; k < atoms; k++) {
      int from = k * count;
      double before = codes[at + k];
      double slope = sums[k];
      double curvature = 0;
      for (int i = 0; i < count; i++) {
        double q = s.part[from + i] / s.p[i];
        double v = q * s.value[i];
        slope -= v;
        curvature += q * v;
      }
      if (!(curvature > 0) || before == 0 && slope >= 0) {
        continue;
      }
      double after = before - slope / curvature;
      if (after <= 0) {
        after = s.slopeWithout(from, before, sums[k]) >= 0 ? 0 : SHORTENED * before;
      }
      double delta = after - before;
      if (delta != 0) {
        codes[at + k] = after;
        for (int i = 0; i < count; i++) {
          s.p[i] = Math.max(s.p[i] + delta * s.part[from + i], Double.MIN_NORMAL);
        }
        moved = Math.max(moved, Math.abs(delta) * sums[k]);
      }
    }
    return moved;
  }

  /**
   * What the signals pull at the atoms: adds {@code a' diag(w) (X / P)} and {@code sum w a}.
   *
   * @param pull [K x m], added to
   * @param weight [K], added to
   */
  void pull(
      double[] x,
      double[] weights,
      double[] codes,
      int n,
      double[] d,
      double[] pull,
      double[] weight,
      Workspace workspace) {
    Signal s = workspace.object("kl-coder", Signal.class, Signal::new);
    for (int r = 0; r < n; r++) {
      int at = r * atoms;
      s.aim(x, r * dimension, dimension, d, atoms);
      s.reconstruct(codes, at, atoms);
      for (int i = 0; i < s.count; i++) {
        s.ratio[i] = s.value[i] / s.p[i];
      }
      for (int k = 0; k < atoms; k++) {
        double a = weights[r] * codes[at + k];
        weight[k] += a;
        for (int i = 0; a != 0 && i < s.count; i++) {
          pull[k * dimension + s.index[i]] += a * s.ratio[i];
        }
      }
    }
  }

  /** The entries of a signal above 0, and what belongs to them. Not thread-safe. */
  private static final class Signal {
    int[] index = {};
    double[] value = {};
    double[] p = {};
    double[] ratio = {};

    /** The atoms at those entries, [K x count]. */
    double[] part = {};

    int count;
    double mass;

    void aim(double[] x, int from, int m, double[] d, int atoms) {
      if (index.length < m) {
        index = new int[m];
        value = new double[m];
        p = new double[m];
        ratio = new double[m];
      }
      count = 0;
      mass = 0;
      for (int i = 0; i < m; i++) {
        double v = x[from + i];
        if (v > 0) {
          index[count] = i;
          value[count++] = v;
          mass += v;
        }
      }
      if (part.length < atoms * count) {
        part = new double[atoms * m];
      }
      for (int k = 0; k < atoms; k++) {
        for (int i = 0; i < count; i++) {
          part[k * count + i] = d[k * m + index[i]];
        }
      }
    }

    void reconstruct(double[] codes, int at, int atoms) {
      Arrays.fill(p, 0, count, 0);
      for (int k = 0; k < atoms; k++) {
        double a = codes[at + k];
        if (a != 0) {
          int from = k * count;
          for (int i = 0; i < count; i++) {
            p[i] += a * part[from + i];
          }
        }
      }
      for (int i = 0; i < count; i++) {
        p[i] = Math.max(p[i], Double.MIN_NORMAL);
      }
    }

    /** f' of an entry where it is 0. */
    double slopeWithout(int from, double a, double sum) {
      double slope = sum;
      for (int i = 0; i < count; i++) {
        double without = Math.max(p[i] - a * part[from + i], Double.MIN_NORMAL);
        slope -= part[from + i] * (value[i] / without);
      }
      return slope;
    }

    double divergence(double[] codes, int at, double[] sums) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += value[i] * (Elementary.log(value[i] / p[i]) - 1);
      }
      for (int k = 0; k < sums.length; k++) {
        sum += codes[at + k] * sums[k];
      }
      return Math.max(sum, 0);
    }
  }
}
