package io.millrace.bench.dictionary;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.SignalCoder;
import io.millrace.core.dictionary.coder.CdLasso;
import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.golden.dictionary.Patches;
import java.util.Arrays;
import java.util.List;

/**
 * The task that every learner gets: the bundled patches, mean removed, unit norm, in order, twice
 * through, in batches of 256, the first K as the start.
 */
final class PatchTask {
  static final int BATCH = 256;
  static final int PASSES = 2;
  static final double LAMBDA = 0.15;

  /** Samples after which the dictionary is scored. */
  static final List<Integer> MARKS = List.of(1_024, 4_096, 16_384, 32_768);

  final int atoms;
  final int dimension;

  /** Training signals, one after another. */
  final double[] train;

  private final double[] test;

  PatchTask(Patches patches, int atoms) {
    this.atoms = atoms;
    dimension = patches.dimension();
    train = patches.train(patches.trainCount(), SignalScaling.CENTER_UNIT_NORM);
    test = patches.test(SignalScaling.CENTER_UNIT_NORM);
  }

  /** Training signals. */
  int count() {
    return train.length / dimension;
  }

  /** Samples that a learner sees. */
  int samples() {
    return PASSES * count();
  }

  /**
   * Mean objective of the test patches, their codes solved for to rounding.
   *
   * @param d a dictionary [K x m] from {@code offset}
   */
  double heldOut(double[] d, int offset) {
    SignalCoder coder =
        new SignalCoder(
            dimension, atoms, new CdLasso(LAMBDA, 0, false, 1e-12, 10_000), ScalarBackend.INSTANCE);
    double[] own = Arrays.copyOfRange(d, offset, offset + atoms * dimension);
    double[] gram = new double[atoms * atoms];
    coder.gram(own, gram, new Workspace());
    int n = test.length / dimension;
    double[] objectives = new double[n];
    coder.encode(
        test,
        n,
        own,
        gram,
        new double[n * atoms],
        new double[n * atoms],
        objectives,
        new Workspace());
    double sum = 0;
    for (double o : objectives) {
      sum += o;
    }
    return sum / n;
  }
}
