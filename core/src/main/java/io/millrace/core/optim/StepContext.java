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
   * Unit of the parameters, for rules that ask for it by {@link Optimizer#usesUnits}: with labels
   * in another unit the same model has parameters as much larger or smaller. 1: they have none.
   */
  default double parameterUnit() {
    return 1;
  }

  /** Unit of the gradient, likewise. */
  default double gradientUnit() {
    return 1;
  }

  /**
   * Randomness of this step: a function of job seed, key and step. Coin flips are drawn from {@code
   * fork(Purpose.SCHEDULE)}, probes from {@code fork(Purpose.PERTURBATION)}, the first values of a
   * slot from {@code fork(Purpose.INITIALIZATION)}, and only where the slot is all zero at the
   * first step, so that golden files and warm starts can give those values.
   */
  Draws draws();

  Workspace workspace();

  /** Dense kernels for rules that work on matrices. */
  default Kernels compute() {
    return workspace().kernels(ScalarBackend.INSTANCE);
  }

  /** Takes note of the step size of this step. Rules that choose it themselves report it here. */
  default void stepSize(double taken) {}
}
