package io.millrace.cli.demo;

import io.millrace.schemas.DecodeException;
import io.millrace.schemas.SingleObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the committed records of a topic from its beginning. Not thread-safe. */
final class RecordFollower<T extends SpecificRecordBase> implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Class<T> type;

  RecordFollower(String bootstrapServers, String topic, Class<T> type) {
    this.type = type;
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "client.id",
                "millrace-demo-" + type.getSimpleName(),
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all =
        consumer.partitionsFor(topic).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    consumer.assign(all);
    consumer.seekToBeginning(all);
  }

  /** Hands over what has come of the kind followed, waiting at most so long for something. */
  void poll(Duration timeout, Consumer<T> take) {
    for (ConsumerRecord<byte[], byte[]> r : consumer.poll(timeout)) {
      try {
        SpecificRecordBase record = SingleObject.standard().decode(r.value());
        if (type.isInstance(record)) {
          take.accept(type.cast(record));
        }
      } catch (DecodeException e) {
        throw new IllegalStateException(
            r.topic() + "-" + r.partition() + "@" + r.offset() + ": " + e.getMessage(), e);
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
