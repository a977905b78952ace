package io.millrace.core.tuning;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;

/**
 * A method that chooses which configurations to try, and for how long. It is immutable: what it
 * knows lies in the {@link LearnerState} that each call is handed. Points lie in the unit box; a
 * {@link SearchBox} says what they mean. Trials may be out at the same time and their losses may
 * come back in any order.
 */
public interface Tuner {
  /** Id in {@link Tuners}. */
  String id();

  /** Counts up with the set of blocks or their meaning. */
  int stateVersion();

  /** d, numbers per point. */
  int dimension();

  /** Constraints that every loss comes with. */
  default int constraints() {
    return 0;
  }

  /** Blocks per key. */
  StateSchema schema();

  /** Puts a fresh state, all zeros, to its start values. */
  void initialize(LearnerState state);

  /**
   * Hands out the next trial and counts it in {@link LearnerState#steps}.
   *
   * @param draws randomness of (job seed, key, {@code state.steps()})
   * @param out overwritten where there is a trial
   * @return false where there is none: losses have to come first, or the search is {@link
   *     #finished}. Nothing has changed then
   */
  boolean next(LearnerState state, Draws draws, Trial out, Workspace workspace);

  /**
   * Takes the loss of a trial.
   *
   * @param loss lower is better; one that is not finite counts as worse than all others
   * @param constraints [{@link #constraints}], met where at most 0; not modified, not kept
   * @return false where the trial is not one that is waited for, because its loss has come before
   *     or its time is over; nothing has changed then
   */
  boolean report(
      LearnerState state, Trial trial, double loss, double[] constraints, Workspace workspace);

  /** Whether no trial will ever come again. */
  default boolean finished(LearnerState state) {
    return false;
  }

  /**
   * Whether another trial of a configuration may come, so that its learner has to be kept. That of
   * the {@link #incumbent} is kept by whoever wants it.
   */
  boolean continues(LearnerState state, int config);

  /** The best configuration so far; -1 where no loss has come yet. */
  int incumbent(LearnerState state);

  /**
   * The point of the {@link #incumbent}.
   *
   * @param point [d], overwritten where there is one
   */
  void incumbentPoint(LearnerState state, double[] point);
}
