package io.millrace.operators.learner;

import io.millrace.core.learn.OnlineLearner;
import java.io.Serializable;

/** Makes the job's learner on each subtask. */
@FunctionalInterface
public interface LearnerFactory extends Serializable {
  /**
   * A learner.
   *
   * @param backend id of the compute backend of the run
   */
  OnlineLearner create(String backend);
}
