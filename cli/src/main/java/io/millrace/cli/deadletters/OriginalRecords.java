package io.millrace.cli.deadletters;

import io.millrace.cli.console.KafkaOptions;
import io.millrace.schemas.DeadLetter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The records that letters were made of, as long as their topics keep them. A letter holds key,
 * value and timestamp of its record; its headers are found here. Not thread-safe.
 */
final class OriginalRecords implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final KafkaConsumer<byte[], byte[]> consumer;

  OriginalRecords(KafkaOptions kafka) {
    Map<String, Object> settings = kafka.settings("millrace-replay-originals");
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", "false");
    settings.put("auto.offset.reset", "none");
    settings.put("allow.auto.create.topics", "false");
    settings.put("max.poll.records", 1);
    settings.put("max.partition.fetch.bytes", 1); // a broker sends one batch at least
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Headers of the record of a letter; null: the record is gone. */
  Headers headers(DeadLetter letter) {
    TopicPartition partition = new TopicPartition(letter.getTopic(), letter.getPartition());
    List<TopicPartition> one = List.of(partition);
    long wanted = letter.getOffset();
    consumer.assign(one);
    if (wanted < consumer.beginningOffsets(one).get(partition)
        || wanted >= consumer.endOffsets(one).get(partition)) {
      return null;
    }
    consumer.seek(partition, wanted);
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (consumer.position(partition) <= wanted && System.nanoTime() < deadline) {
      try {
        for (ConsumerRecord<byte[], byte[]> r : consumer.poll(POLL)) {
          return r.offset() == wanted ? r.headers() : null;
        }
      } catch (OffsetOutOfRangeException e) {
        return null; // deleted since the beginning was asked for
      }
    }
    return null;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
