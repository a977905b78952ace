package io.millrace.core.dictionary.coder;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.SparseCoder;

/** What coders of the lasso share: its penalty and its duality gap. */
public abstract class LassoCoder implements SparseCoder {
  final LassoProblem problem;

  LassoCoder(LassoProblem problem) {
    this.problem = problem;
  }

  /** What is minimised. */
  public final LassoProblem problem() {
    return problem;
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
