package io.millrace.cli.deadletters;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.client.DeadLetterReader;
import io.millrace.schemas.Reason;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/**
 * Which dead letters were replayed: per reason a consumer group named {@code
 * millrace-replay.TOPIC.REASON}, whose committed offset of a partition is one past the last letter
 * of that reason that was written back. Nobody consumes in these groups.
 */
final class ReplayLedger {
  private final String topic;
  private final Map<Reason, Map<Integer, Long>> next;

  private ReplayLedger(String topic, Map<Reason, Map<Integer, Long>> next) {
    this.topic = topic;
    this.next = next;
  }

  /** Reads what was replayed before. */
  static ReplayLedger load(KafkaOptions kafka, String topic) {
    Map<String, ListConsumerGroupOffsetsSpec> groups = new HashMap<>();
    Map<String, Reason> reasons = new HashMap<>();
    for (Reason r : Reason.values()) {
      groups.put(group(topic, r), new ListConsumerGroupOffsetsSpec());
      reasons.put(group(topic, r), r);
    }
    Map<Reason, Map<Integer, Long>> next = new EnumMap<>(Reason.class);
    try (Admin admin = Admin.create(kafka.settings("millrace-replay-admin"))) {
      admin
          .listConsumerGroupOffsets(groups)
          .all()
          .get()
          .forEach(
              (group, offsets) ->
                  offsets.forEach(
                      (partition, offset) -> {
                        if (offset != null && partition.topic().equals(topic)) {
                          next.computeIfAbsent(reasons.get(group), r -> new HashMap<>())
                              .put(partition.partition(), offset.offset());
                        }
                      }));
    } catch (ExecutionException e) {
      throw new CommandFailed(
          "what was replayed before cannot be read from Kafka at "
              + kafka.bootstrapServers()
              + ": "
              + e.getCause().getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    }
    return new ReplayLedger(topic, next);
  }

  /** Whether a letter was written back before. */
  boolean replayed(DeadLetterReader.Entry e) {
    return e.offset()
        < next.getOrDefault(e.letter().getReason(), Map.of()).getOrDefault(e.partition(), 0L);
  }

  /** Makes the letters part of the transaction under way; never moves an offset back. */
  void commit(KafkaProducer<byte[], byte[]> producer, List<DeadLetterReader.Entry> letters) {
    Map<Reason, Map<TopicPartition, OffsetAndMetadata>> due = new EnumMap<>(Reason.class);
    for (DeadLetterReader.Entry e : letters) {
      long past =
          next.computeIfAbsent(e.letter().getReason(), r -> new HashMap<>())
              .merge(e.partition(), e.offset() + 1, Math::max);
      due.computeIfAbsent(e.letter().getReason(), r -> new HashMap<>())
          .put(new TopicPartition(topic, e.partition()), new OffsetAndMetadata(past));
    }
    due.forEach(
        (reason, offsets) ->
            producer.sendOffsetsToTransaction(
                offsets, new ConsumerGroupMetadata(group(topic, reason))));
  }

  private static String group(String topic, Reason reason) {
    return "millrace-replay." + topic + "." + reason;
  }
}
