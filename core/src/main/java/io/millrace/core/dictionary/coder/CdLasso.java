package io.millrace.core.dictionary.coder;

import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.optim.HyperValues;
import io.millrace.core.optim.Source;
import io.millrace.core.optim.Workspace;
import java.util.List;

/**
 * Lasso by cyclic coordinate descent with an active set: minimises {@code 0.5 ||x - D a||^2 +
 * lambda ||a||_1 + 0.5 lambda2 ||a||^2}, over {@code a >= 0} where so set.
 *
 * <p>Friedman, Hastie, Tibshirani, "Regularization Paths for Generalized Linear Models via
 * Coordinate Descent", J. Stat. Softw. 33 (2010), section 2. With g = c - G a, one coordinate is
 *
 * <pre>
 * r = g_j + G_jj a_j,   a_j' = soft(r, lambda) / (G_jj + lambda2),   g -= (a_j' - a_j) G_j
 * </pre>
 *
 * <p>A full pass over all coordinates, then passes over those not zero with a packed copy of their
 * Gram matrix until no entry changes by more than the tolerance, and again, until a full pass
 * changes nothing by more than that. Memory s^2 for s non-zeros; K s flop a full pass, s^2 a packed
 * one.
 */
public final class CdLasso extends LassoCoder {
  public static final CoderSpec SPEC =
      new CoderSpec(
          "cd-lasso",
          new Source(
              "Friedman, Hastie, Tibshirani, Regularization Paths for Generalized Linear Models via"
                  + " Coordinate Descent, J. Stat. Softw. 33 (2010)",
              Source.Confidence.DERIVED),
          dimension ->
              List.of(
                  CoderHypers.lambda(dimension),
                  CoderHypers.LAMBDA2,
                  CoderHypers.NON_NEGATIVE,
                  CoderHypers.TOLERANCE,
                  CoderHypers.MAX_SWEEPS),
          CdLasso::new);

  private final double tolerance;
  private final int maxSweeps;

  private CdLasso(HyperValues v) {
    this(
        v.get(CoderHypers.lambda(1)),
        v.get(CoderHypers.LAMBDA2),
        v.flag(CoderHypers.NON_NEGATIVE),
        v.get(CoderHypers.TOLERANCE),
        (int) v.get(CoderHypers.MAX_SWEEPS));
  }

  /**
   * A coder.
   *
   * @param lambda at least 0
   * @param lambda2 at least 0
   * @param tolerance largest change of an entry in the last full pass, at least 0
   * @param maxSweeps at least 1, full and packed ones together
   */
  public CdLasso(
      double lambda, double lambda2, boolean nonNegative, double tolerance, int maxSweeps) {
    super(new LassoProblem(lambda, lambda2, nonNegative));
    this.tolerance = tolerance;
    this.maxSweeps = maxSweeps;
  }

  @Override
  public String id() {
    return SPEC.id();
  }

  @Override
  public int encode(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace) {
    Scratch s = workspace.object("cd-lasso", Scratch.class, Scratch::new);
    s.aim(gram, c, cOffset, a, aOffset);
    for (int sweep = 1; sweep <= maxSweeps; sweep++) {
      if (fullPass(s, a, aOffset) <= tolerance) {
        return sweep;
      }
      s.pack(a, aOffset);
      double change = tolerance + 1;
      while (change > tolerance && sweep < maxSweeps) {
        change = packedPass(s);
        sweep++;
      }
      s.unpack(a, aOffset);
    }
    return -maxSweeps;
  }

  /** Updates every coordinate once; the largest change. */
  private double fullPass(Scratch s, double[] a, int aOffset) {
    double[] g = s.g;
    double[] values = s.values;
    int atoms = s.atoms;
    double largest = 0;
    for (int j = 0; j < atoms; j++) {
      double old = a[aOffset + j];
      if (old == 0 && Math.abs(g[j]) <= problem.lambda()) {
        continue;
      }
      double next = minimizer(g[j], values[j * atoms + j], old);
      double delta = next - old;
      if (delta != 0) {
        a[aOffset + j] = next;
        int row = j * atoms;
        for (int i = 0; i < atoms; i++) {
          g[i] -= delta * values[row + i];
        }
        largest = Math.max(largest, Math.abs(delta));
      }
    }
    return largest;
  }

  /** Updates every coordinate of the active set once; the largest change. */
  private double packedPass(Scratch s) {
    int n = s.count;
    double[] g = s.packedG;
    double[] values = s.packed;
    double[] b = s.packedA;
    double largest = 0;
    for (int j = 0; j < n; j++) {
      int row = j * n;
      double next = minimizer(g[j], values[row + j], b[j]);
      double delta = next - b[j];
      if (delta != 0) {
        b[j] = next;
        for (int i = 0; i < n; i++) {
          g[i] -= delta * values[row + i];
        }
        largest = Math.max(largest, Math.abs(delta));
      }
    }
    return largest;
  }

  /** The best value of one coordinate, all others fixed; 0 for an atom that is zero. */
  private double minimizer(double gradient, double diagonal, double old) {
    double r = gradient + diagonal * old;
    double moved = problem.shrink(r, problem.lambda());
    return moved == 0 || diagonal <= 0 ? 0 : moved / (diagonal + problem.lambda2());
  }

  /** What a call needs beside its arguments. Not thread-safe. */
  private static final class Scratch {
    int atoms;
    double[] values;

    /** c - G a of the present code. */
    double[] g = {};

    /** Coordinates that are not zero, ascending. */
    int[] active = {};

    int count;
    double[] packed = {};
    double[] packedG = {};
    double[] packedA = {};

    void aim(Gram gram, double[] c, int cOffset, double[] a, int aOffset) {
      atoms = gram.atoms();
      values = gram.values();
      if (g.length < atoms) {
        g = new double[atoms];
        active = new int[atoms];
        packedG = new double[atoms];
        packedA = new double[atoms];
      }
      CodeMeasures.gradient(gram, c, cOffset, a, aOffset, g, 0);
    }

    void pack(double[] a, int aOffset) {
      int n = 0;
      for (int j = 0; j < atoms; j++) {
        if (a[aOffset + j] != 0) {
          active[n++] = j;
        }
      }
      count = n;
      if (packed.length < n * n) {
        packed = new double[2 * n * n];
      }
      for (int i = 0; i < n; i++) {
        int row = active[i] * atoms;
        packedG[i] = g[active[i]];
        packedA[i] = a[aOffset + active[i]];
        for (int j = 0; j < n; j++) {
          packed[i * n + j] = values[row + active[j]];
        }
      }
    }

    void unpack(double[] a, int aOffset) {
      for (int i = 0; i < count; i++) {
        int j = active[i];
        double delta = packedA[i] - a[aOffset + j];
        if (delta != 0) {
          a[aOffset + j] = packedA[i];
          int row = j * atoms;
          for (int k = 0; k < atoms; k++) {
            g[k] -= delta * values[row + k];
          }
        }
      }
    }
  }
}
