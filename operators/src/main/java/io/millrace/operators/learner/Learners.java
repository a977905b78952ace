package io.millrace.operators.learner;

import io.millrace.core.learn.OnlineLearner;
import io.millrace.operators.handler.InForce;

/** The job's learner, and its variants under hyperparameters that orders have set. */
final class Learners extends InForce<OnlineLearner> {
  Learners(OnlineLearner base) {
    super(base, base::with);
  }
}
