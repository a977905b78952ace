package io.millrace.bench.latency;

import io.millrace.cli.console.CommandFailed;
import io.millrace.jobs.KafkaTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One record after the other written to a topic and read from it: what the broker alone takes. */
final class RoundTrip {
  private static final TopicPartition TOPIC = new TopicPartition("bench-round-trip", 0);
  private static final int BYTES = 100;

  private final String servers;

  RoundTrip(String servers) {
    this.servers = servers;
  }

  private void create() throws InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
      admin.createTopics(List.of(new NewTopic(TOPIC.topic(), 1, (short) 1))).all().get();
      KafkaTopics.awaitServed(admin, List.of(TOPIC.topic()));
    } catch (ExecutionException e) {
      throw new CommandFailed("topic '" + TOPIC.topic() + "': " + e.getCause().getMessage(), e);
    }
  }

  /** Milliseconds of each record behind those that warm up. */
  double[] millis(int warmUp, int records) throws InterruptedException {
    create();
    double[] millis = new double[records];
    byte[] value = new byte[BYTES];
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "linger.ms", "0", "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      consumer.assign(List.of(TOPIC));
      consumer.seekToEnd(List.of(TOPIC));
      consumer.position(TOPIC);
      for (int i = -warmUp; i < records; i++) {
        long begin = System.nanoTime();
        producer.send(new ProducerRecord<>(TOPIC.topic(), 0, null, value));
        while (consumer.poll(Duration.ofSeconds(1)).isEmpty()) {
          // not there yet
        }
        if (i >= 0) {
          millis[i] = (System.nanoTime() - begin) / 1e6;
        }
      }
    }
    return millis;
  }
}
