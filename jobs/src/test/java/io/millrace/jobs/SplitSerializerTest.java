package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.operators.ingress.PartitionClock;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class SplitSerializerTest {
  private static final KafkaPartitionSplitSerializer KAFKA = new KafkaPartitionSplitSerializer();
  private static final SplitSerializer SERIALIZER = new SplitSerializer(KAFKA);
  private static final TopicPartition PARTITION = new TopicPartition("events", 3);
  private static final PartitionClock.State CLOCK = new PartitionClock.State(70, 5, 258);

  /** The layout of version 1: savepoints hold such bytes. */
  private static final String VERSION_1 =
      "00000000"
          + "0000001c"
          + ("0006" + "6576656e7473" + "00000003" + "000000000000002a" + "0000000000000063")
          + "0000000000000046"
          + "0000000000000005"
          + "0000000000000102";

  @Test
  void readsWhatItWrote() throws Exception {
    for (KafkaPartitionSplit split :
        List.of(
            new KafkaPartitionSplit(PARTITION, 42),
            new KafkaPartitionSplit(PARTITION, KafkaPartitionSplit.EARLIEST_OFFSET, 7),
            new ClockedSplit(new KafkaPartitionSplit(PARTITION, 42, 99), CLOCK))) {
      KafkaPartitionSplit read = SERIALIZER.deserialize(1, SERIALIZER.serialize(split));
      assertThat(read).isEqualTo(split);
      assertThat(ClockedSplit.clock(read)).isEqualTo(ClockedSplit.clock(split));
    }
  }

  @Test
  void layoutIsFrozen() throws Exception {
    ClockedSplit split = new ClockedSplit(new KafkaPartitionSplit(PARTITION, 42, 99), CLOCK);
    byte[] bytes = HexFormat.of().parseHex(VERSION_1);
    assertThat(HexFormat.of().formatHex(SERIALIZER.serialize(split))).isEqualTo(VERSION_1);
    KafkaPartitionSplit read = SERIALIZER.deserialize(1, bytes);
    assertThat(read).isEqualTo(split);
    assertThat(ClockedSplit.clock(read)).isEqualTo(CLOCK);
  }

  /** Before partitions had clocks a savepoint held what Kafka's connector wrote. */
  @Test
  void readsASplitWithoutAClock() throws Exception {
    KafkaPartitionSplit split = new KafkaPartitionSplit(PARTITION, 42);
    KafkaPartitionSplit read = SERIALIZER.deserialize(0, KAFKA.serialize(split));
    assertThat(read).isEqualTo(split);
    assertThat(ClockedSplit.clock(read)).isEqualTo(PartitionClock.State.START);
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    byte[] bytes = HexFormat.of().parseHex(VERSION_1);
    assertThatThrownBy(() -> SERIALIZER.deserialize(2, bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format 2; this build reads 0 to 1");
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> SERIALIZER.deserialize(1, cut)).isInstanceOf(IOException.class);
    }
  }
}
