package io.millrace.core.optim;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;

/** What a step may use beside its objective and its slots. */
public interface StepContext {
  /** Learning rate of this step, after the schedule. */
  double learningRate();

  /**
   * Randomness of this step: a function of job seed, key and step. Coin flips are drawn from {@code
   * fork(Purpose.SCHEDULE)}, probes from {@code fork(Purpose.PERTURBATION)}, the first values of a
   * slot from {@code fork(Purpose.INITIALIZATION)}, and these only where the slot is all zero at
   * the first step: so golden files and warm starts can give them.
   */
  Draws draws();

  Workspace workspace();

  /** Dense kernels for rules that work on matrices. */
  default Kernels compute() {
    return workspace().kernels(ScalarBackend.INSTANCE);
  }

  /** Told by rules that choose their step size themselves which one this step took. */
  default void stepSize(double taken) {}
}
