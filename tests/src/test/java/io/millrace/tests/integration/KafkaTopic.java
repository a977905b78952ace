package io.millrace.tests.integration;

import io.millrace.jobs.KafkaTopics;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Bytes in and out of a topic, independent of the client library. */
public final class KafkaTopic {
  private final String servers;
  private final String name;

  public KafkaTopic(String servers, String name) {
    this.servers = servers;
    this.name = name;
  }

  /** A record to be sent; the partition goes by the key, as Kafka does it. */
  public record Sent(byte[] key, byte[] value) {
    /** Keyed by a text. */
    public static Sent of(String key, byte[] value) {
      return new Sent(key.getBytes(StandardCharsets.UTF_8), value);
    }
  }

  /**
   * Writes records in order and waits until the broker has all.
   *
   * @return where each went
   */
  public List<RecordMetadata> send(List<Sent> records) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", servers, "max.request.size", 64 << 20, "linger.ms", 5);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Sent r : records) {
        sent.add(producer.send(new ProducerRecord<>(name, r.key(), r.value())));
      }
      producer.flush();
      List<RecordMetadata> where = new ArrayList<>();
      for (Future<RecordMetadata> f : sent) {
        where.add(f.get());
      }
      return where;
    }
  }

  /** Creates the topic with settings of its own. */
  public void create(int partitions, Map<String, String> settings) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(settings);
      admin.createTopics(List.of(topic)).all().get();
      KafkaTopics.awaitServed(admin, List.of(name));
    }
  }

  /** A setting of the topic. */
  public String setting(String key) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(key).value();
    }
  }

  /** All committed records, partition by partition. */
  public List<ConsumerRecord<byte[], byte[]>> read() {
    return read("read_committed");
  }

  /** All records, those of open and aborted transactions too. */
  public List<ConsumerRecord<byte[], byte[]>> readUncommitted() {
    return read("read_uncommitted");
  }

  private List<ConsumerRecord<byte[], byte[]>> read(String isolation) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            servers,
            "isolation.level",
            isolation,
            "fetch.max.bytes",
            64 << 20,
            "max.partition.fetch.bytes",
            64 << 20);
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(name).stream()
              .map(p -> new TopicPartition(name, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
    }
    return all;
  }

  /** Committed values in order by record key, as hexadecimal digits so that they compare. */
  public Map<String, List<String>> valuesByKey() {
    Map<String, List<String>> out = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> r : read()) {
      String key = new String(r.key(), StandardCharsets.UTF_8);
      String value = r.value() == null ? "gone" : HexFormat.of().formatHex(r.value());
      out.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
    }
    return out;
  }

  /** Committed dead letters. */
  public List<DeadLetter> deadLetters() throws DecodeException {
    List<DeadLetter> out = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> r : read()) {
      out.add(SingleObject.standard().decode(DeadLetter.class, r.value()));
    }
    return out;
  }
}
