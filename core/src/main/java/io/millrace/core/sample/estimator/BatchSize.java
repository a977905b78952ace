package io.millrace.core.sample.estimator;

import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;

/** The rows of a mini-batch, drawn with replacement; declared once for all that draw them. */
final class BatchSize {
  static final Hyper SIZE =
      new Hyper(
          "mini-batch", 10, Range.integers(1, 1e6), "rows drawn for a step, with replacement");

  private BatchSize() {}

  /** Adds the gradients at theta of the rows that a step draws. */
  static void addRows(
      Likelihood likelihood, double[] theta, int size, LocalStep step, double[] out) {
    Draws draws = step.draws().fork(Purpose.MINI_BATCH);
    for (int k = 0; k < size; k++) {
      likelihood.addRowGradient(theta, likelihood.draw(draws, k), 1, out);
    }
  }
}
