package io.millrace.jobs;

import io.millrace.schemas.DecodeException;
import io.millrace.schemas.SingleObject;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What runs before have left in the topics of compacted channels. */
final class EarlierRuns {
  /** Offsets at the end of a partition that are looked at first: a record or two, and a marker. */
  private static final int TAIL = 4;

  private static final int GROWTH = 8;
  private static final String INCARNATION = "incarnation";

  private EarlierRuns() {}

  /**
   * The largest incarnation among the last records of partitions; 0: there is none. Of each
   * partition the last records are read until one tells: tombstones and markers of transactions do
   * not, and neither does what is no record of ours.
   *
   * @throws org.apache.kafka.common.KafkaException if a topic cannot be read
   */
  static long newestIncarnation(Map<String, Object> kafka, Collection<TopicPartition> partitions) {
    long newest = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Set<TopicPartition> left = new HashSet<>(partitions);
      for (long tail = TAIL; !left.isEmpty(); tail *= GROWTH) {
        consumer.assign(left);
        Set<TopicPartition> whole = new HashSet<>();
        for (TopicPartition p : left) {
          long from = Math.max(begins.get(p), ends.get(p) - tail);
          consumer.seek(p, from);
          if (from == begins.get(p)) {
            whole.add(p);
          }
        }
        Set<TopicPartition> told = new HashSet<>(whole);
        while (left.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
          for (ConsumerRecord<byte[], byte[]> r : consumer.poll(Duration.ofMillis(100))) {
            long incarnation = incarnation(r.value());
            if (incarnation > 0) {
              told.add(new TopicPartition(r.topic(), r.partition()));
              newest = Math.max(newest, incarnation);
            }
          }
        }
        left.removeAll(told);
      }
    }
    return newest;
  }

  /** Incarnation that a record is of; 0: it does not say. */
  private static long incarnation(byte[] value) {
    if (value == null) {
      return 0;
    }
    try {
      SpecificRecordBase record = SingleObject.standard().decode(value);
      Schema.Field field = record.getSchema().getField(INCARNATION);
      return field == null ? 0 : (Long) record.get(field.pos());
    } catch (DecodeException e) {
      return 0; // somebody else's record tells nothing of a run
    }
  }
}
