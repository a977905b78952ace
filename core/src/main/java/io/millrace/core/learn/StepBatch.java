package io.millrace.core.learn;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.state.LearnerState;

/**
 * Steps of different keys that share the work which pays when it is done for many: each has the
 * bits of {@link OnlineLearner#learn}, whichever others it has shared a batch with. Used again; not
 * thread-safe.
 *
 * <pre>
 * batch.begin();
 * int place = batch.add(learner, rows, state);    // for each step, at least 0 if it has been taken in
 * batch.share();
 * batch.take(place, learner, rows, state, key, workspace);
 * </pre>
 */
public interface StepBatch {
  /** Answer of {@link #add}: such a step shares nothing; it is to be taken alone. */
  int ALONE = -1;

  /** Answer of {@link #add}: there is no room left in this batch. */
  int FULL = -2;

  /** Forgets the steps of the batch before. */
  void begin();

  /**
   * Takes a step in.
   *
   * @param learner of the form that the batch is of, under any hyperparameters
   * @param rows of the mini-batch, not kept
   * @param state not modified, and not to be modified until the step is taken
   * @return place of the step, from 0, or one of the two answers above
   */
  int add(OnlineLearner learner, Rows rows, LearnerState state);

  /** Does what the steps share. */
  void share();

  /**
   * Takes a step: what {@link OnlineLearner#learn} does.
   *
   * @param place of {@link #add}
   */
  StepOutcome take(
      int place,
      OnlineLearner learner,
      Rows rows,
      LearnerState state,
      String key,
      Workspace workspace);
}
