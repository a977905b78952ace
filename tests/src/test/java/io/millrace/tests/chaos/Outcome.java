package io.millrace.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.tests.integration.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a run has left on its topics, as a reader with read_committed sees it. Without what tells
 * runs apart: their incarnations, and the names of their jobs.
 *
 * @param models record values by model key, in the order of the topic, as hexadecimal digits
 * @param newest by model key
 * @param metrics record values by model key, likewise
 * @param results what the job publishes per event, likewise; each once, in the order of the digits,
 *     where the family may repeat them
 * @param deadLetters by address {@code topic-partition@offset/index}, without the job's name
 */
record Outcome(
    Map<String, List<String>> models,
    Map<String, ModelSnapshot> newest,
    Map<String, List<String>> metrics,
    Map<String, List<String>> results,
    Map<String, DeadLetter> deadLetters) {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /**
   * Reads the topics of a finished run.
   *
   * @param prefix of the run's topics
   */
  static Outcome of(String bootstrapServers, String prefix, ChaosFamily family) throws Exception {
    Map<String, List<String>> models = new TreeMap<>();
    Map<String, ModelSnapshot> newest = new TreeMap<>();
    Set<Long> incarnations = new HashSet<>();
    for (ConsumerRecord<byte[], byte[]> r : committed(bootstrapServers, prefix + ".models")) {
      ModelSnapshot snapshot = SnapshotCodec.decode(r.value());
      incarnations.add(snapshot.getIncarnation());
      snapshot.setIncarnation(0);
      add(models, r, SnapshotCodec.encode(snapshot));
      newest.put(snapshot.getKey(), snapshot);
      assertThat(text(r.key())).as("record key").isEqualTo(snapshot.getKey());
      assertThat(snapshot.getVersion())
          .as("version of the snapshot of '%s' at offset %d", snapshot.getKey(), r.offset())
          .isEqualTo(models.get(snapshot.getKey()).size());
    }
    Map<String, List<String>> metrics = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> r : committed(bootstrapServers, prefix + ".metrics")) {
      add(metrics, r, ofAnyRun(r.value(), incarnations));
    }
    Map<String, List<String>> results = new TreeMap<>();
    if (family.results() != null) {
      for (ConsumerRecord<byte[], byte[]> r :
          committed(bootstrapServers, prefix + "." + family.results())) {
        add(results, r, ofAnyRun(r.value(), incarnations));
      }
    }
    if (family.repeated()) {
      results.replaceAll((key, all) -> List.copyOf(new TreeSet<>(all)));
    }
    assertThat(incarnations).as("a job that goes on from its state is the same run").hasSize(1);
    Map<String, DeadLetter> deadLetters = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> r : committed(bootstrapServers, prefix + ".dead-letters")) {
      DeadLetter letter = SingleObject.standard().decode(DeadLetter.class, r.value());
      letter.setJob("");
      String address =
          "%s-%d@%010d/%d"
              .formatted(
                  letter.getTopic(), letter.getPartition(), letter.getOffset(), letter.getIndex());
      assertThat(deadLetters.put(address, letter)).as("second dead letter of " + address).isNull();
    }
    return new Outcome(models, newest, metrics, results, deadLetters);
  }

  /**
   * A record without incarnation and job, whatever its type; adds the incarnation to those seen.
   */
  private static byte[] ofAnyRun(byte[] value, Set<Long> incarnations) throws DecodeException {
    SpecificRecordBase record = SingleObject.standard().decode(value);
    if (record.hasField("incarnation")) {
      incarnations.add((Long) record.get("incarnation"));
      record.put("incarnation", 0L);
    }
    if (record.hasField("job")) {
      record.put("job", "");
    }
    return SingleObject.encode(record);
  }

  /** Every record of the stream has come to exactly one end: learned from, or a dead letter. */
  void assertAccountsFor(ChaosStream stream) {
    assertThat(newest.keySet()).isEqualTo(stream.usable().keySet());
    newest.forEach(
        (key, snapshot) -> {
          Map<String, Long> c = snapshot.getCounters();
          assertThat(c.get("examples") + c.get("unfinished"))
              .as("learned from by '%s', %s", key, c)
              .isEqualTo(stream.usable().get(key).longValue());
          assertThat(c.get("deadLetters"))
              .as("dead letters of '%s', %s", key, c)
              .isEqualTo(stream.spoiled().get(key).longValue());
          assertThat(c.get("pending")).as("still without label, '%s'", key).isZero();
        });
    long spoiled = stream.spoiled().values().stream().mapToLong(n -> n).sum();
    assertThat(deadLetters).hasSize((int) spoiled + stream.undecodable());
  }

  /** Byte for byte what another run over the same stream has left. */
  void assertEquals(Outcome other) {
    assertThat(models.keySet()).isEqualTo(other.models.keySet());
    other.newest.forEach(
        (key, expected) ->
            assertThat(newest.get(key)).as("newest of '%s'", key).isEqualTo(expected));
    models.forEach(
        (key, values) ->
            assertThat(values)
                .as("all versions of '%s', byte for byte", key)
                .isEqualTo(other.models.get(key)));
    assertThat(metrics).isEqualTo(other.metrics);
    assertThat(results).isEqualTo(other.results);
    assertThat(deadLetters).isEqualTo(other.deadLetters);
  }

  /** Whether there is as much of everything as in another. */
  boolean asLongAs(Outcome other) {
    return sizes(models).equals(sizes(other.models))
        && sizes(metrics).equals(sizes(other.metrics))
        && sizes(results).equals(sizes(other.results))
        && deadLetters.size() == other.deadLetters.size();
  }

  private static Map<String, Integer> sizes(Map<String, List<String>> values) {
    Map<String, Integer> sizes = new TreeMap<>();
    values.forEach((key, list) -> sizes.put(key, list.size()));
    return sizes;
  }

  /** Metrics records of one type, by model key, in the order of the topic. */
  <T extends SpecificRecordBase> Map<String, List<T>> metrics(Class<T> type)
      throws DecodeException {
    Map<String, List<T>> all = new TreeMap<>();
    for (Map.Entry<String, List<String>> e : metrics.entrySet()) {
      for (String value : e.getValue()) {
        SpecificRecordBase record = SingleObject.standard().decode(HexFormat.of().parseHex(value));
        if (type.isInstance(record)) {
          all.computeIfAbsent(e.getKey(), k -> new ArrayList<>()).add(type.cast(record));
        }
      }
    }
    return all;
  }

  long versions() {
    return models.values().stream().mapToLong(List::size).sum();
  }

  /** All committed records of a topic, by partition; fails if a transaction is still open. */
  private static List<ConsumerRecord<byte[], byte[]>> committed(String servers, String topic) {
    try (KafkaConsumer<byte[], byte[]> all = consumer(servers, "read_uncommitted");
        KafkaConsumer<byte[], byte[]> consumer = consumer(servers, "read_committed")) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      Map<TopicPartition, Long> written = all.endOffsets(partitions);
      Map<TopicPartition, Long> stable =
          Await.until(
              "no transaction open on " + topic,
              LIMIT,
              () -> consumer.endOffsets(partitions),
              ends -> written.keySet().stream().allMatch(p -> ends.get(p) >= written.get(p)));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < stable.get(p))) {
        assertThat(System.nanoTime()).as(topic + " read in time").isLessThan(deadline);
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String servers, String isolation) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", servers, "isolation.level", isolation),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static void add(
      Map<String, List<String>> all, ConsumerRecord<byte[], byte[]> r, byte[] value) {
    all.computeIfAbsent(text(r.key()), k -> new ArrayList<>()).add(HexFormat.of().formatHex(value));
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
