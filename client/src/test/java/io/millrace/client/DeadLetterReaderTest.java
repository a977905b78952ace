package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DeadLetterReaderTest {
  private static final String TOPIC = "millrace.dead-letters";

  @Test
  void readsLettersAndNamesWhatIsNone() {
    DeadLetter letter =
        new DeadLetter(
            "millrace.examples",
            0,
            17L,
            -1,
            Instant.ofEpochMilli(3),
            null,
            ByteBuffer.wrap(new byte[] {9}),
            Reason.NOT_SINGLE_OBJECT,
            "why",
            "learn",
            null);
    TopicPartition p = new TopicPartition(TOPIC, 0);
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    consumer.updateBeginningOffsets(Map.of(p, 0L));
    consumer.updateEndOffsets(Map.of(p, 2L));
    consumer.updatePartitions(
        TOPIC, List.of(new PartitionInfo(TOPIC, 0, Node.noNode(), new Node[0], new Node[0])));
    try (DeadLetterReader reader = new DeadLetterReader(consumer, TOPIC)) {
      assertThat(reader.poll(Duration.ofMillis(5))).isEmpty();
      assertThat(reader.caughtUp()).isFalse();
      consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, 0, null, SingleObject.encode(letter)));
      consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, 1, null, new byte[] {1}));
      List<DeadLetterReader.Entry> entries = reader.poll(Duration.ofMillis(5));
      assertThat(entries).hasSize(2);
      assertThat(entries.get(0).letter()).isEqualTo(letter);
      assertThat(entries.get(0).fault()).isNull();
      assertThat(entries.get(1).letter()).isNull();
      assertThat(entries.get(1).fault()).startsWith(TOPIC + "-0@1: ");
      assertThat(reader.caughtUp()).isTrue();
    }
    assertThat(consumer.closed()).isTrue();
  }
}
