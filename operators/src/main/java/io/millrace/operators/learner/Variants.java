package io.millrace.operators.learner;

import io.millrace.core.learn.OnlineLearner;
import io.millrace.operators.handler.InForce;

/** The job's learner, and its variants under hyperparameters that orders have set. */
final class Variants extends InForce<OnlineLearner> {
  Variants(OnlineLearner base) {
    super(base, base::with);
  }
}
