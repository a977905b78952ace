package io.millrace.cli.topics;

import io.millrace.cli.console.CommandFailed;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.SingleObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the committed records of a topic. Not thread-safe. */
public final class RecordFollower implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;

  private RecordFollower(Map<String, Object> settings, String topic, boolean fromBeginning) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("isolation.level", "read_committed");
    all.put("enable.auto.commit", "false");
    consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    consumer.assign(partitions);
    ends = new HashMap<>(consumer.endOffsets(partitions));
    if (fromBeginning) {
      consumer.seekToBeginning(partitions);
    } else {
      ends.forEach(consumer::seek);
    }
  }

  /**
   * Reads from the beginning.
   *
   * @param settings of the consumer
   */
  public static RecordFollower fromBeginning(Map<String, Object> settings, String topic) {
    return new RecordFollower(settings, topic, true);
  }

  /** Reads what is written from now on. */
  public static RecordFollower fromEnd(Map<String, Object> settings, String topic) {
    return new RecordFollower(settings, topic, false);
  }

  /**
   * Hands over what has come, waiting at most so long for something.
   *
   * @throws CommandFailed for a record that is none of ours, with its address
   */
  public void poll(Duration timeout, Consumer<SpecificRecordBase> take) {
    for (ConsumerRecord<byte[], byte[]> r : consumer.poll(timeout)) {
      try {
        take.accept(SingleObject.standard().decode(r.value()));
      } catch (DecodeException e) {
        throw new CommandFailed(
            r.topic() + "-" + r.partition() + "@" + r.offset() + ": " + e.getMessage(), e);
      }
    }
  }

  /** Whether everything has been read that was there at the start. */
  public boolean caughtUp() {
    ends.entrySet().removeIf(e -> consumer.position(e.getKey()) >= e.getValue());
    return ends.isEmpty();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
