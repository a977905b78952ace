package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.state.StateException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A savepoint taken under one build or configuration and restored under another. */
class StateUpgradeOperatorTest {
  private static Supplier<StateBackend> backend(String name) {
    return name.equals("rocksdb") ? EmbeddedRocksDBStateBackend::new : HashMapStateBackend::new;
  }

  private static LearnerOperator operator(int miniBatch, int dedupe, LearnerFactory learner) {
    return new LearnerOperator(
        LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
            .miniBatch(miniBatch)
            .dedupeWindow(dedupe)
            .build(),
        learner);
  }

  private static List<Object> examples() {
    Stream s = new Stream();
    for (int i = 0; i < 14; i++) {
      s.example(i % 2 == 0 ? "a" : "b", "i" + i, i, 1.0 + i, Math.sin(i), 1);
    }
    return s.items();
  }

  /** Runs the first half under one operator and hands its checkpoint to another. */
  private static Runner handedOver(
      String backend, Supplier<LearnerOperator> from, Supplier<LearnerOperator> to)
      throws Exception {
    AtomicReference<Supplier<LearnerOperator>> current = new AtomicReference<>(from);
    Runner r = new Runner(() -> current.get().get(), backend(backend), 1);
    r.feed(examples().subList(0, 7));
    OperatorSubtaskState state = r.checkpoint();
    current.set(to);
    return r.restore(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void anOlderStateVersionIsUpgradedAndLearnsOnTheSame(String backend) throws Exception {
    Supplier<LearnerOperator> old =
        () -> operator(2, 0, () -> new TestLearner("test-momentum", 1, Map.of()));
    Supplier<LearnerOperator> today = () -> operator(2, 0, TestLearner::new);
    Map<String, String> expected;
    try (Runner r = new Runner(today, backend(backend), 1)) {
      expected = r.feed(examples()).states();
    }
    try (Runner r = handedOver(backend, old, today)) {
      // Untouched keys are carried along as they were, also through another checkpoint.
      r.restart(1);
      r.feed(examples().subList(7, 14));
      assertThat(r.states()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void stateOfAnotherAlgorithmIsRefusedByName(String backend) {
    assertThatThrownBy(
            () ->
                handedOver(
                    backend,
                    () -> operator(2, 0, () -> new TestLearner("other", 2, Map.of())),
                    () -> operator(2, 0, TestLearner::new)))
        .hasStackTraceContaining(StateException.class.getName())
        .hasStackTraceContaining("savepoint holds state of 'other', the job runs 'test-momentum'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hashmap", "rocksdb"})
  void otherMiniBatchesAndWindowsAreTakenUp(String backend) throws Exception {
    try (Runner r =
        handedOver(
            backend,
            () -> operator(5, 3, TestLearner::new),
            () -> operator(2, 2, TestLearner::new))) {
      assertThat(r.state("a").heldCount()).isEqualTo(4);
      r.feed(examples().subList(8, 9));
      assertThat(r.state("a").heldCount()).isZero();
      assertThat(r.state("a").learned).isEqualTo(5);
      assertThat(r.state("a").recent.window()).isEqualTo(2);
      r.feed(examples().subList(8, 9)).feed(examples().subList(2, 3));
      assertThat(r.state("a").predicted).isEqualTo(6);
    }
  }
}
