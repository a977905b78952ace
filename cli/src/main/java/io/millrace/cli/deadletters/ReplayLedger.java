package io.millrace.cli.deadletters;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.client.DeadLetterReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Which dead letters were replayed: a compacted topic beside theirs, named {@code TOPIC.replayed},
 * which no retention empties. Its records say, for a reason and a partition, one past the last
 * letter of that reason that was written back: key {@code ID REASON PARTITION}, value the offset in
 * digits. ID is Kafka's id of the topic of letters, so that a topic made anew under the old name
 * begins with nothing replayed.
 */
final class ReplayLedger {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final String topic;
  private final String id;
  private final Map<String, Long> next;

  private ReplayLedger(String topic, String id, Map<String, Long> next) {
    this.topic = topic;
    this.id = id;
    this.next = next;
  }

  /**
   * Reads what was replayed before.
   *
   * @param letters topic of the letters
   * @param create whether the ledger is made if it is not there
   */
  static ReplayLedger load(KafkaOptions kafka, String letters, boolean create) {
    String topic = letters + ".replayed";
    try (Admin admin = Admin.create(kafka.settings("millrace-replay-admin"))) {
      String id =
          admin
              .describeTopics(List.of(letters))
              .topicNameValues()
              .get(letters)
              .get()
              .topicId()
              .toString();
      boolean there = exists(admin, topic);
      if (!there && create) {
        make(admin, topic);
      }
      return new ReplayLedger(topic, id, there ? read(kafka, topic) : new HashMap<>());
    } catch (ExecutionException e) {
      throw new CommandFailed(
          "topic '"
              + topic
              + "', which remembers what was replayed, cannot be used: "
              + e.getCause().getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    }
  }

  private static boolean exists(Admin admin, String topic)
      throws ExecutionException, InterruptedException {
    try {
      admin.describeTopics(List.of(topic)).topicNameValues().get(topic).get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw e;
    }
  }

  private static void make(Admin admin, String topic)
      throws ExecutionException, InterruptedException {
    NewTopic ledger =
        new NewTopic(topic, Optional.of(1), Optional.empty())
            .configs(Map.of("cleanup.policy", "compact"));
    try {
      admin.createTopics(List.of(ledger)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private static Map<String, Long> read(KafkaOptions kafka, String topic) {
    Map<String, Object> settings = kafka.settings("millrace-replay-ledger");
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", "false");
    settings.put("auto.offset.reset", "earliest");
    Map<String, Long> next = new HashMap<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> r : consumer.poll(POLL)) {
          next.put(text(r.key()), Long.parseLong(text(r.value())));
        }
        if (System.nanoTime() > deadline) {
          throw new CommandFailed(
              "topic '" + topic + "' cannot be read to its end within " + LIMIT.toSeconds() + " s");
        }
      }
    }
    return next;
  }

  private static String text(byte[] b) {
    return new String(b, StandardCharsets.UTF_8);
  }

  /** Whether a letter was written back before. */
  boolean replayed(DeadLetterReader.Entry e) {
    return e.offset() < next.getOrDefault(key(e), 0L);
  }

  /** Makes the letters part of the transaction under way; never moves an offset back. */
  void commit(Producer<byte[], byte[]> producer, List<DeadLetterReader.Entry> letters) {
    Map<String, Long> moved = new HashMap<>();
    for (DeadLetterReader.Entry e : letters) {
      moved.put(key(e), next.merge(key(e), e.offset() + 1, Math::max));
    }
    moved.forEach(
        (key, offset) ->
            producer.send(
                new ProducerRecord<>(
                    topic,
                    0,
                    key.getBytes(StandardCharsets.UTF_8),
                    Long.toString(offset).getBytes(StandardCharsets.UTF_8))));
  }

  private String key(DeadLetterReader.Entry e) {
    return id + " " + e.letter().getReason() + " " + e.partition();
  }
}
