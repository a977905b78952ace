package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.StepOutcome;
import io.millrace.schemas.Reason;
import java.util.Arrays;

/** Finds the rows to blame for a step that was not taken, and says what they did. */
final class DivergenceGuard {
  private final Workspace workspace;

  DivergenceGuard(Workspace workspace) {
    this.workspace = workspace;
  }

  /** The row the learner names; else each that alone is refused too; else all. */
  boolean[] blame(KeyState s, String key, OnlineLearner learner, Rows rows, StepOutcome outcome) {
    boolean[] blamed = new boolean[rows.count()];
    if (outcome.row() >= 0) {
      blamed[outcome.row()] = true;
      return blamed;
    }
    boolean found = false;
    if (rows.count() > 1) {
      Rows one = learner.newRows();
      for (int i = 0; i < blamed.length; i++) {
        one.clear();
        one.addRow(rows, i);
        blamed[i] =
            learner.learn(one, s.learner.copy(), key, workspace).kind() != StepOutcome.Kind.LEARNED;
        found |= blamed[i];
      }
    }
    if (!found) {
      Arrays.fill(blamed, true);
    }
    return blamed;
  }

  static Reason reason(StepOutcome outcome) {
    return outcome.kind() == StepOutcome.Kind.NOT_FINITE_GRADIENT
        ? Reason.NOT_FINITE_GRADIENT
        : Reason.DIVERGED;
  }

  /** The same for people, behind an address. */
  static String message(StepOutcome outcome, KeyState s, String key) {
    return (reason(outcome) == Reason.NOT_FINITE_GRADIENT
            ? ": loss or gradient is not finite"
            : ": the step would make the model non-finite")
        + " under model '"
        + key
        + "' after "
        + s.learner.steps()
        + " steps; the model stays as it was";
  }
}
