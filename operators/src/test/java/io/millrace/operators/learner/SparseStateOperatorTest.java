package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.features.InputSpec;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.supervised.StateForm;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys that hold only the features they have seen: lost and restored they end with the bytes of
 * keys that were left alone, predict what keys that hold all features predict, and go on from the
 * state of such keys.
 */
class SparseStateOperatorTest {
  private static final int EVENTS = 120;
  private static final int WIDTH = 5000;
  private static final InputSpec INPUT =
      new InputSpec(
          InputSpec.Kind.SPARSE, WIDTH, 1, InputSpec.Target.CLASS, List.of("a", "b"), 1000);
  private static final List<Object> ITEMS = items();

  private static List<Object> items() {
    Stream s = new Stream();
    for (int i = 0; i < EVENTS; i++) {
      String key = i % 4 == 3 ? "second" : "first";
      int[] at = {i % 7, 100 + i % 13, 4000 + i * i % 31};
      s.sparse(key, 100 + i, i * i % 7 % 2, at, Math.sin(i), 1, Math.cos(3 * i));
    }
    return s.items();
  }

  private static Supplier<KeyedShell> shell(String optimizer, StateForm form) {
    SupervisedOptions options =
        SupervisedOptions.of(INPUT, "logistic", optimizer, Map.of())
            .withScaling(Scaling.STANDARD)
            .withForm(form);
    LearnerOptions job =
        LearnerOptions.builder(Stream.TOPICS, INPUT)
            .miniBatch(3)
            .snapshots(
                Shells.snapshots(
                    8, Duration.ofMillis(60), false, DType.F64, PartCodec.DEFAULT_PART_BYTES))
            .metricsEvery(5)
            .results(Results.PREDICTIONS)
            .build();
    return () -> Shells.learner(job, 4, backend -> new SupervisedLearner(options));
  }

  private static Runner.Result undisturbed(String optimizer, StateForm form) throws Exception {
    try (Runner r = new Runner(shell(optimizer, form), HashMapStateBackend::new, 1).feed(ITEMS)) {
      assertThat(r.predictions).hasSize(EVENTS);
      assertThat(r.models.size()).isGreaterThan(8);
      assertThat(r.deadLetters).isEmpty();
      return r.result();
    }
  }

  /** What was predicted, by key. */
  private static Map<String, List<String>> predictions(Runner.Result result) {
    Map<String, List<String>> all = new TreeMap<>(result.outputs());
    all.keySet().removeIf(k -> !k.startsWith("predictions"));
    assertThat(all).hasSize(2);
    return all;
  }

  private static Runner.Result disturbed(String optimizer, Supplier<StateBackend> backend)
      throws Exception {
    try (Runner r = new Runner(shell(optimizer, StateForm.SPARSE), backend, 1)) {
      int at = 0;
      for (int next : List.of(4, 5, 31, 64, 100)) {
        r.feed(ITEMS.subList(at, next));
        at = next;
        r.restart(1 + at % 2);
      }
      return r.feed(ITEMS.subList(at, EVENTS)).result();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sgd", "adam", "rate_mixture"})
  void aKeyThatWasLostGoesOnBitEqual(String optimizer) throws Exception {
    Runner.Result alone = undisturbed(optimizer, StateForm.SPARSE);
    assertThat(disturbed(optimizer, HashMapStateBackend::new)).isEqualTo(alone);
    Runner.Result dense = undisturbed(optimizer, StateForm.DENSE);
    assertThat(predictions(alone)).isEqualTo(predictions(dense));
  }

  @Test
  void soDoesOneOnDisk() throws Exception {
    assertThat(disturbed("rate_mixture", EmbeddedRocksDBStateBackend::new))
        .isEqualTo(undisturbed("rate_mixture", StateForm.SPARSE));
  }

  /** A savepoint of either form is one for a job of the other. */
  @Test
  void aJobGoesOnInTheOtherForm() throws Exception {
    Runner.Result dense = undisturbed("rate_mixture", StateForm.DENSE);
    try (Runner r =
        new Runner(shell("rate_mixture", StateForm.DENSE), HashMapStateBackend::new, 1)) {
      r.feed(ITEMS.subList(0, 40));
      r.restartAs(shell("rate_mixture", StateForm.SPARSE));
      r.feed(ITEMS.subList(40, 80));
      assertThat(r.state("first").learner.schema().totalBytes()).isLessThan(1000);
      r.restartAs(shell("rate_mixture", StateForm.DENSE));
      r.feed(ITEMS.subList(80, EVENTS));
      assertThat(r.result().states()).isEqualTo(dense.states());
      assertThat(predictions(r.result())).isEqualTo(predictions(dense));
    }
  }
}
