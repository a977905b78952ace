package io.millrace.core.optim;

import io.millrace.core.rng.Draws;

/** What a step may use beside its objective and its slots. */
public interface StepContext {
  /** Learning rate of this step, after the schedule. */
  double learningRate();

  /** Randomness of this step: a function of job seed, key and step. */
  Draws draws();

  Workspace workspace();
}
