package io.millrace.core.learn;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;

/**
 * Who is to blame for a step that was not taken: rows of its mini-batch, or the model, which was
 * spoilt before.
 */
public final class Blame {
  /** Refusals in a row after which the model is suspected, and then after twice as many each. */
  private static final int PATIENCE = 3;

  private Blame() {}

  /**
   * Whether after so many refusals in a row it is time to try the step on an earlier model that was
   * good. If that takes it, the model at hand is to blame and the earlier one goes on in its place.
   * The tries become rarer, because wild rows may come in large numbers. A learner that says itself
   * that the model has run away is believed at once.
   *
   * @param outcome of the last one
   * @param refused how many there have been in a row
   */
  public static boolean suspectsModel(StepOutcome outcome, long refused) {
    return outcome.kind() == StepOutcome.Kind.RAN_AWAY
        || refused % PATIENCE == 0 && Long.bitCount(refused / PATIENCE) == 1;
  }

  /**
   * Learns from the rows of a mini-batch that another learner has learned from, each that this one
   * refuses aside.
   *
   * @param rows not modified
   * @return how many rows were refused
   */
  public static int learnWithout(
      OnlineLearner learner, Rows rows, LearnerState state, String key, Workspace workspace) {
    Rows left = rows;
    while (left.count() > 0) {
      StepOutcome outcome = learner.learn(left, state, key, workspace);
      if (outcome.kind() == StepOutcome.Kind.LEARNED) {
        break;
      }
      boolean[] blamed = of(outcome, learner, left, state, key, workspace);
      Rows rest = learner.newRows();
      for (int i = 0; i < blamed.length; i++) {
        if (!blamed[i]) {
          rest.addRow(left, i);
        }
      }
      left = rest;
    }
    return rows.count() - left.count();
  }

  /**
   * The row that the learner names; else each that alone is refused too; else all.
   *
   * @param outcome of the step; not LEARNED
   * @param state as it is without the step, not modified
   * @return for each row whether it is to blame; one at least is
   */
  public static boolean[] of(
      StepOutcome outcome,
      OnlineLearner learner,
      Rows rows,
      LearnerState state,
      String key,
      Workspace workspace) {
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
        StepOutcome alone = learner.learn(one, state.copy(), key, workspace);
        blamed[i] = alone.kind() != StepOutcome.Kind.LEARNED;
        found |= blamed[i];
      }
    }
    if (!found) {
      Arrays.fill(blamed, true);
    }
    return blamed;
  }
}
