package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;

/**
 * Takes steps that are due. Steps of different keys do not depend on each other, so a backend for
 * which many small steps are one large one may take those of many keys in one call, as long as a
 * key has but one step under way and no bit of a model depends on which steps shared the call.
 */
interface Steps {
  /**
   * Takes the first steps of an array and fills in their outcomes.
   *
   * @param due each of another key; one with an outcome has been taken already
   */
  void take(Step[] due, int count, Workspace workspace);

  /** Takes a step by itself, if it has not been taken. */
  static void takeOne(Step s, Workspace workspace) {
    if (s.outcome == null) {
      s.outcome = s.learner.learn(s.rows, s.key.write(s.model), s.key.name(), workspace);
    }
  }
}
