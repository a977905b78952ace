package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.operators.shell.StageFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Kafka's own answer to an offset that is gone was to go elsewhere without a word. */
class RestoredSplitsTest {
  private static final RestoredSplits FAIL =
      new RestoredSplits(Set.of("events"), Set.of("gone"), true);
  private static final RestoredSplits CONTINUE =
      new RestoredSplits(Set.of("events"), Set.of("gone"), false);

  private final List<Long> lost = new ArrayList<>();

  /** A log from 150 to 200. */
  private static final RestoredSplits.Log LOG =
      new RestoredSplits.Log() {
        @Override
        public Map<TopicPartition, Long> begins(Collection<TopicPartition> partitions) {
          return Map.of(new TopicPartition("events", 3), 150L);
        }

        @Override
        public Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
          return Map.of(new TopicPartition("events", 3), 200L);
        }
      };

  private static KafkaPartitionSplit split(String topic, long offset) {
    return new KafkaPartitionSplit(new TopicPartition(topic, 3), offset);
  }

  private List<KafkaPartitionSplit> usable(RestoredSplits restored, KafkaPartitionSplit split) {
    return restored.usable(List.of(split), LOG, lost::add);
  }

  @Test
  void whatIsThereIsRead() {
    for (long offset : new long[] {150, 175, 200, KafkaPartitionSplit.EARLIEST_OFFSET}) {
      KafkaPartitionSplit split = split("events", offset);
      assertThat(usable(FAIL, split)).containsExactly(split);
    }
    assertThat(lost).isEmpty();
  }

  @Test
  void aGapEndsTheJobNamingIt() {
    assertThatThrownBy(() -> usable(FAIL, split("events", 100)))
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining("topic 'events' partition 3: offsets 100 to 149 are gone")
        .hasMessageContaining("on-lost-offsets: continue")
        .satisfies(
            e ->
                assertThat(ThrowableClassifier.getThrowableType(e))
                    .isEqualTo(ThrowableType.NonRecoverableError));
    assertThatThrownBy(() -> usable(FAIL, split("events", 201)))
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining("up to offset 201, the partition ends at 200");
  }

  @Test
  void aGapIsCountedWhereTheJobIsToGoOn() {
    assertThat(usable(CONTINUE, split("events", 100))).containsExactly(split("events", 150));
    assertThat(lost).containsExactly(50L);
    KafkaPartitionSplit bounded =
        new KafkaPartitionSplit(new TopicPartition("events", 3), 201, 300);
    KafkaPartitionSplit again = usable(CONTINUE, bounded).get(0);
    assertThat(again.getStartingOffset()).isEqualTo(150);
    assertThat(again.getStoppingOffset()).isEqualTo(Optional.of(300L));
    assertThat(lost).containsExactly(50L, 0L);
  }

  /** The restored job threw a NullPointerException for ever. */
  @Test
  void aTopicThatIsReadNoMoreIsRefusedUnlessTheJobSaysSo() {
    assertThatThrownBy(() -> usable(CONTINUE, split("renamed", 42)))
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining("reads topic 'renamed', partition 3 from offset 42")
        .hasMessageContaining("topics.retired");
    assertThat(usable(FAIL, split("gone", 42))).isEmpty();
  }

  /** Else a topic that comes back would be taken for one that somebody reads. */
  @Test
  void theSearchForPartitionsForgetsRetiredTopics() {
    KafkaSourceEnumState state =
        new KafkaSourceEnumState(
            List.of(split("events", 1), split("gone", 2)), List.of(split("gone", 3)), true);
    KafkaSourceEnumState left = FAIL.withoutRetired(state);
    assertThat(left.assignedSplits()).containsExactly(split("events", 1));
    assertThat(left.unassignedSplits()).isEmpty();
    assertThat(left.initialDiscoveryFinished()).isTrue();
  }
}
