package io.millrace.operators.learner;

import io.millrace.core.learn.OnlineLearner;
import java.io.Serializable;
import java.util.function.Supplier;

/** Makes the job's learner on each subtask. */
@FunctionalInterface
public interface LearnerFactory extends Supplier<OnlineLearner>, Serializable {}
