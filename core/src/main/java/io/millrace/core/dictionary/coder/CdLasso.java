package io.millrace.core.dictionary.coder;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
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
 * <p>A full pass over all coordinates and two over those not zero guess the support and its signs;
 * the {@link PackedLasso} minimises exactly over them (active-set identification: Nutini, Laradji,
 * Schmidt, JMLR 23 (2022), section 5); and so on until a full pass changes nothing by more than the
 * tolerance and the duality gap is as small. Atoms that depend on each other are thinned out there,
 * on which passes alone would take very long. Memory K^2, a copy of the Gram matrix in rows, and 2
 * s^2 for s non-zeros; 2 K flop an update, s^3 / 3 a solution.
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

  /** A change so many times smaller than what ends the search is not carried through. */
  private static final double NEGLIGIBLE = 1e-3;

  /**
   * Passes over the non-zeros before they are solved for: entries on their way to zero are cheaper
   * to get rid of by these.
   */
  private static final int CLEARING_PASSES = 2;

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
   * @param tolerance what is left to gain at the end, see the hyperparameter, at least 0
   * @param maxSweeps full passes, at least 1
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
  int search(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace) {
    return descend(problem, tolerance, maxSweeps, gram, c, cOffset, xx, a, aOffset, workspace);
  }

  /**
   * The rule alone, for unknowns that are no codes. Arguments as of {@link #encode}.
   *
   * @param size square of the length that changes of an entry are measured by
   */
  public int solve(
      Gram gram, double[] c, int cOffset, double size, double[] a, int aOffset, Workspace w) {
    return search(gram, c, cOffset, size, a, aOffset, w);
  }

  static int descend(
      LassoProblem problem,
      double tolerance,
      int maxSweeps,
      Gram gram,
      double[] c,
      int cOffset,
      double xx,
      double[] a,
      int aOffset,
      Workspace workspace) {
    Scratch s = workspace.object("cd-lasso", Scratch.class, Scratch::new);
    s.reserve(gram.atoms());
    s.problem = problem;
    double length = Math.sqrt(xx);
    double smallest = tolerance * length;
    s.negligible = NEGLIGIBLE * smallest;
    CodeMeasures.gradient(gram, c, cOffset, a, aOffset, s.g, 0);
    for (int sweep = 1; sweep <= maxSweeps; sweep++) {
      double change = fullPass(gram, s, a, aOffset);
      if (change <= smallest) {
        if (problem.lambda() == 0
            || change <= STILL * length && s.negligible <= STILL * length
            || withinGap(problem, tolerance, gram, c, cOffset, xx, a, aOffset, s.g)) {
          return sweep;
        }
        s.negligible = 0; // what is left to gain is in small changes
      }
      for (int i = 0; i < CLEARING_PASSES; i++) {
        for (int k = 0; k < s.count; k++) {
          update(gram, s, a, aOffset, s.active[k]);
        }
      }
      s.packed.load(gram, s.g, a, aOffset, s.active, s.count, problem);
      s.packed.settle();
      s.packed.store(gram.atoms(), s.g, a, aOffset);
    }
    return -maxSweeps;
  }

  /** Updates every coordinate once, in order, and lists those not zero; the largest change. */
  private static double fullPass(Gram gram, Scratch s, double[] a, int aOffset) {
    int atoms = gram.atoms();
    double[] g = s.g;
    double lambda = s.problem.lambda();
    double largest = 0;
    int count = 0;
    for (int j = 0; j < atoms; j++) {
      if (a[aOffset + j] != 0 || Math.abs(g[j]) > lambda) {
        largest = Math.max(largest, update(gram, s, a, aOffset, j));
        s.active[count] = j;
        count += a[aOffset + j] != 0 ? 1 : 0;
      }
    }
    s.count = count;
    return largest;
  }

  /** Minimises over one coordinate, keeping {@code g = c - G a}; the size of its change. */
  private static double update(Gram gram, Scratch s, double[] a, int aOffset, int j) {
    double[] row = gram.row(j);
    double old = a[aOffset + j];
    double next = minimizer(s.problem, s.g[j], row[j], old);
    double delta = next - old;
    double size = Math.abs(delta);
    if (!(size > s.negligible)) {
      return 0;
    }
    a[aOffset + j] = next;
    Vectors.add(gram.atoms(), -delta, row, s.g);
    return size;
  }

  /** The best value of one coordinate, all others fixed; 0 for an atom that is zero. */
  private static double minimizer(
      LassoProblem problem, double gradient, double diagonal, double old) {
    double r = gradient + diagonal * old;
    double moved = problem.shrink(r, problem.lambda());
    return moved == 0 || diagonal <= 0 ? 0 : moved / (diagonal + problem.lambda2());
  }

  /** What a call needs beside its arguments. Not thread-safe. */
  private static final class Scratch {
    final PackedLasso packed = new PackedLasso();

    /** c - G a of the present code. */
    double[] g = {};

    /** Coordinates that were not zero after the last full pass. */
    int[] active = {};

    int count;
    LassoProblem problem;

    /** Smaller changes are not carried through. */
    double negligible;

    void reserve(int atoms) {
      if (g.length < atoms) {
        g = new double[atoms];
        active = new int[atoms];
      }
    }
  }
}
