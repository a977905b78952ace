package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.shell.KeyedShell;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is learned while a snapshot is still being written does not leak into it.
 *
 * <p>The mutation that makes this fail on the heap: a bundle that keeps its references after the
 * barrier ({@link KeyStore#flush} without {@code slots.clear()}), or a serializer whose copy is
 * shallow.
 */
class SnapshotInFlightOperatorTest {
  private static void examples(Stream s, int from, int to) {
    for (int i = from; i < to; i++) {
      s.example(i % 2 == 0 ? "a" : "b", "i" + i, 100 + i, 0.3 * i, Math.cos(i), 1);
    }
    s.example("a", "w" + from, 100 + to, null, 1, 1);
  }

  @ParameterizedTest
  @CsvSource({"hashmap, 1", "hashmap, 16", "rocksdb, 1", "rocksdb, 16"})
  void holdsTheStateOfTheBarrier(String backend, int bundle) throws Exception {
    Supplier<StateBackend> b =
        backend.equals("rocksdb") ? EmbeddedRocksDBStateBackend::new : HashMapStateBackend::new;
    LearnerOptions options =
        LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
            .miniBatch(3)
            .labels(Duration.ofHours(1), 100)
            .dedupeWindow(4)
            .build();
    Supplier<KeyedShell> operator =
        () -> Shells.learner(options, bundle, compute -> new TestLearner());
    Stream stream = new Stream();
    examples(stream, 0, 25);
    int barrier = stream.items().size();
    examples(stream, 25, 60);
    Map<String, String> due;
    try (Runner r = new Runner(operator, b, 1)) {
      r.feed(stream.items().subList(0, barrier));
      due = r.states();
    }
    try (Runner r = new Runner(operator, b, 1)) {
      r.feed(stream.items().subList(0, barrier));
      OperatorSnapshotFutures writing = r.beginCheckpoint();
      r.feed(stream.items().subList(barrier, stream.items().size()));
      Map<String, String> live = r.states();
      assertThat(live).isNotEqualTo(due);
      r.restore(OperatorSnapshotFinalizer.create(writing).getJobManagerOwnedState());
      assertThat(r.states()).isEqualTo(due);
      r.feed(stream.items().subList(barrier, stream.items().size()));
      assertThat(r.states()).isEqualTo(live);
    }
  }
}
