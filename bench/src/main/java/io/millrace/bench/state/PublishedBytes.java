package io.millrace.bench.state;

import io.millrace.schemas.DecodeException;
import io.millrace.schemas.ModelDelta;
import io.millrace.schemas.ModelPart;
import io.millrace.schemas.SingleObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What stands in partition 0 of a models topic.
 *
 * @param versions of models, whole or not
 * @param deltas those of them that are what has changed
 * @param tombstones records without a value
 * @param bytes of all keys and values
 */
record PublishedBytes(long versions, long deltas, long tombstones, long bytes) {

  /** Reads a topic to the end that it has now. */
  static PublishedBytes of(String servers, String topic) throws IOException {
    TopicPartition partition = new TopicPartition(topic, 0);
    long versions = 0;
    long deltas = 0;
    long tombstones = 0;
    long bytes = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(Set.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> r : consumer.poll(Duration.ofSeconds(1))) {
          bytes += r.key().length;
          if (r.value() == null) {
            tombstones++;
            continue;
          }
          bytes += r.value().length;
          Object record = SingleObject.standard().decode(r.value());
          versions += record instanceof ModelPart part && part.getPart() > 0 ? 0 : 1;
          deltas += record instanceof ModelDelta ? 1 : 0;
        }
      }
    } catch (DecodeException e) {
      throw new IOException("a record of " + topic + " makes no sense", e);
    }
    return new PublishedBytes(versions, deltas, tombstones, bytes);
  }
}
