package io.millrace.core.dictionary.coder;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.SparseCoder;
import java.util.Arrays;

/**
 * What coders of the lasso share: its penalty, its duality gap, and that a code is sane.
 *
 * <p>A code is sane when it is finite, worth no less than the code of zeros, and has no entry that
 * alone would be more than {@value #LARGEST} signals long. Where lambda is next to nothing and
 * atoms depend on each other, the lasso has solutions that are not: huge entries cancel, and
 * rounding is what they leave. Such a signal is coded anew under a ridge of {@value #RIDGE} times
 * the largest squared norm of an atom, which bounds its entries.
 */
public abstract class LassoCoder implements SparseCoder {
  /** Length of an entry's atom, in lengths of the signal, that no sane code has. */
  private static final double LARGEST = 1e3;

  /** Share of the largest squared norm of an atom. */
  private static final double RIDGE = 1e-6;

  /** What rounding may do to the objective, as a share of the signal's. */
  private static final double ROUNDING = 1e-6;

  /** A gap smaller than this part of the signal's objective is rounding. */
  private static final double GAP_ROUNDING = 1e-13;

  /** Changes smaller than this part of the signal's length bring a code no nearer. */
  static final double STILL = 1e-13;

  private static final double RIDGE_TOLERANCE = 1e-6;
  private static final int RIDGE_SWEEPS = 1000;

  final LassoProblem problem;

  LassoCoder(LassoProblem problem) {
    this.problem = problem;
  }

  /** What is minimised. */
  public final LassoProblem problem() {
    return problem;
  }

  /** The rule itself; arguments and result as of {@link #encode}, but the code need not be sane. */
  abstract int search(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace);

  @Override
  public final int encode(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace) {
    int sweeps = search(gram, c, cOffset, xx, a, aOffset, workspace);
    if (sane(gram, c, cOffset, xx, a, aOffset)) {
      return sweeps;
    }
    double largest = 0;
    for (int j = 0; j < gram.atoms(); j++) {
      largest = Math.max(largest, gram.at(j, j));
    }
    Arrays.fill(a, aOffset, aOffset + gram.atoms(), 0);
    LassoProblem ridge =
        new LassoProblem(
            problem.lambda(), problem.lambda2() + RIDGE * largest, problem.nonNegative());
    return CdLasso.descend(
        ridge, RIDGE_TOLERANCE, RIDGE_SWEEPS, gram, c, cOffset, xx, a, aOffset, workspace);
  }

  private boolean sane(Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset) {
    double most = LARGEST * LARGEST * xx;
    for (int j = 0; j < gram.atoms(); j++) {
      double v = a[aOffset + j];
      if (v != 0 && !(v * v * gram.at(j, j) <= most)) {
        return false;
      }
    }
    return CodeMeasures.objective(this, gram, c, cOffset, xx, a, aOffset)
        <= 0.5 * xx * (1 + ROUNDING);
  }

  /**
   * Whether a code is as good as asked for: its duality gap is at most the tolerance's part of half
   * the signal's squared norm.
   *
   * @param g {@code c - G a}, [K]
   */
  static boolean withinGap(
      LassoProblem problem,
      double tolerance,
      Gram gram,
      double[] c,
      int cOffset,
      double xx,
      double[] a,
      int aOffset,
      double[] g) {
    return CodeMeasures.dualityGap(
            gram,
            c,
            cOffset,
            xx,
            a,
            aOffset,
            problem.lambda(),
            problem.lambda2(),
            problem.nonNegative(),
            g,
            0)
        <= Math.max(tolerance, GAP_ROUNDING) * 0.5 * xx;
  }

  @Override
  public final double penalty(int atoms, double[] a, int aOffset) {
    return problem.penalty(atoms, a, aOffset);
  }

  /** The duality gap. */
  @Override
  public final double gap(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace) {
    return CodeMeasures.dualityGap(
        gram,
        c,
        cOffset,
        xx,
        a,
        aOffset,
        problem.lambda(),
        problem.lambda2(),
        problem.nonNegative(),
        workspace.array("coder.gap", gram.atoms()));
  }
}
