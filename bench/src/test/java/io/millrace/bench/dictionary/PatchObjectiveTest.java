package io.millrace.bench.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.dictionary.BundledPatches;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The objective that the benchmark promises does not depend on the machine. */
class PatchObjectiveTest {
  @ParameterizedTest
  @ValueSource(ints = {128, 256})
  void defaultsReachTheTargets(int atoms) {
    SignalTask task = SignalTask.patches(BundledPatches.read(), atoms);
    double[] heldOut = new MillraceLearner(task).pass().heldOut();
    DictionaryBenchmark.TARGETS
        .get(atoms)
        .forEach(
            (samples, most) ->
                assertThat(heldOut[task.marks().indexOf(samples)])
                    .as("objective at %d samples", samples)
                    .isLessThanOrEqualTo(most));
  }
}
