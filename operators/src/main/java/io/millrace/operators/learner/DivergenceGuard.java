package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.state.LearnerState;
import io.millrace.schemas.Reason;
import java.util.Arrays;

/** Finds the rows to blame for a step that was not taken, and says what they did. */
final class DivergenceGuard {
  private final Workspace workspace;

  DivergenceGuard(Workspace workspace) {
    this.workspace = workspace;
  }

  /** The row the learner names; else each that alone is refused too; else all. */
  boolean[] blame(Step step) {
    boolean[] blamed = new boolean[step.rows.count()];
    if (step.outcome.row() >= 0) {
      blamed[step.outcome.row()] = true;
      return blamed;
    }
    boolean found = false;
    if (step.rows.count() > 1) {
      LearnerState state = step.key.read(LearnerHandler.MODEL);
      Rows one = step.learner.newRows();
      for (int i = 0; i < blamed.length; i++) {
        one.clear();
        one.addRow(step.rows, i);
        StepOutcome alone = step.learner.learn(one, state.copy(), step.key.name(), workspace);
        blamed[i] = alone.kind() != StepOutcome.Kind.LEARNED;
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

  /** The same for people. */
  static String message(Step step) {
    return (reason(step.outcome) == Reason.NOT_FINITE_GRADIENT
            ? "loss or gradient is not finite"
            : "the step would make the model non-finite")
        + " under model '"
        + step.key.name()
        + "' after "
        + step.key.read(LearnerHandler.MODEL).steps()
        + " steps; the model stays as it was";
  }
}
