package io.millrace.bench.dictionary;

import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.golden.dictionary.Patches;
import java.util.List;

/**
 * The task that every learner gets: signals in order, some times through, in batches, the first K
 * as the start where a learner does not make its own.
 *
 * @param name in the report
 * @param problem what is minimised
 * @param dimension m
 * @param atoms K
 * @param batch signals that are learned from at once; divides a pass
 * @param passes over the training signals
 * @param lambda weight of the norm of the codes; unused by a problem without one
 * @param train training signals, one after another
 * @param test signals that a dictionary is scored by
 * @param marks signals seen after which it is scored
 */
record SignalTask(
    String name,
    Problem problem,
    int dimension,
    int atoms,
    int batch,
    int passes,
    double lambda,
    double[] train,
    double[] test,
    List<Integer> marks) {

  SignalTask {
    if (train.length % (batch * dimension) != 0) {
      throw new IllegalArgumentException(
          name + ": " + train.length / dimension + " signals are no whole batches of " + batch);
    }
  }

  /** The bundled image patches, mean removed, unit norm, twice through. */
  static SignalTask patches(Patches patches, int atoms) {
    return new SignalTask(
        "patches",
        Problem.LASSO,
        patches.dimension(),
        atoms,
        256,
        2,
        0.15,
        patches.train(patches.trainCount(), SignalScaling.CENTER_UNIT_NORM),
        patches.test(SignalScaling.CENTER_UNIT_NORM),
        List.of(1_024, 4_096, 16_384, 32_768));
  }

  /** Training signals. */
  int count() {
    return train.length / dimension;
  }

  /** Signals that a learner sees. */
  int samples() {
    return passes * count();
  }

  /**
   * Mean objective of the test signals, their codes solved for to rounding.
   *
   * @param d a dictionary [K x m] from {@code offset}
   */
  double heldOut(double[] d, int offset) {
    return problem.objective(this, d, offset);
  }
}
