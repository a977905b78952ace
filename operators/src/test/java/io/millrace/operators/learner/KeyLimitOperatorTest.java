package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Reason;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A producer with ever new keys ended the job. */
class KeyLimitOperatorTest {
  private static final long DAY = Duration.ofDays(1).toMillis();

  private static Runner runner(int bundle, Supplier<StateBackend> backend) throws Exception {
    LearnerOptions options =
        LearnerOptions.builder(Stream.TOPICS, Stream.INPUT).ttl(Duration.ofDays(7)).build();
    return new Runner(() -> Shells.limited(options, bundle, 2), backend, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void anEventOfAFurtherKeyIsADeadLetter(int bundle) throws Exception {
    try (Runner r = runner(bundle, HashMapStateBackend::new)) {
      r.feed(new Stream().example("a", "", 1, 1.0, 1, 2).example("b", "", 2, 1.0, 1, 2));
      r.feed(new Stream().example("c", "", 3, 1.0, 1, 2).example("a", "", 4, 1.0, 1, 2));
      assertThat(r.deadLetters).hasSize(1);
      assertThat(r.deadLetters.get(0).getReason()).isEqualTo(Reason.TOO_MANY_KEYS);
      assertThat(r.deadLetters.get(0).getModelKey()).isEqualTo("c");
      assertThat(r.deadLetters.get(0).getMessage())
          .contains("key 'c' is new, and the subtask holds 2 keys", "limits.keys");
      assertThat(r.state("a").journal.learned).isEqualTo(2);
    }
  }

  /** Keys that are restored count, and those that are forgotten count no more. */
  @Test
  void theKeysThatAreThereAreCounted() throws Exception {
    for (Supplier<StateBackend> backend :
        List.<Supplier<StateBackend>>of(
            HashMapStateBackend::new, EmbeddedRocksDBStateBackend::new)) {
      try (Runner r = runner(1, backend)) {
        r.feed(new Stream().at(DAY).example("a", "", 0, 1.0, 1, 2).example("b", "", 0, 1.0, 1, 2));
        r.restart(1);
        r.feed(new Stream().at(DAY).example("c", "", 0, 1.0, 1, 2));
        assertThat(r.reasons()).containsExactly(Reason.TOO_MANY_KEYS);
        r.feed(new Stream().at(9 * DAY).until("b", 9 * DAY).until("b", 9 * DAY + 1)).settle(10);
        assertThat(r.states()).containsOnlyKeys("b");
        r.feed(new Stream().at(9 * DAY).example("c", "", 0, 1.0, 1, 2));
        assertThat(r.reasons()).hasSize(1);
        assertThat(r.state("c").journal.learned).isEqualTo(1);
      }
    }
  }
}
