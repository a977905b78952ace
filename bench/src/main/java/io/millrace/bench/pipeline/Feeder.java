package io.millrace.bench.pipeline;

import io.millrace.bench.samples.Events;
import io.millrace.jobs.KafkaTopics;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Fills the topics of a benchmark before anything is timed. */
final class Feeder {
  private final String bootstrapServers;

  Feeder(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** Creates topics. */
  void create(List<String> topics, int partitions) throws InterruptedException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", (Object) bootstrapServers))) {
      admin
          .createTopics(topics.stream().map(t -> new NewTopic(t, partitions, (short) 1)).toList())
          .all()
          .get();
      KafkaTopics.awaitServed(admin, topics);
    } catch (ExecutionException e) {
      throw new IllegalStateException("topics " + topics + " were not created", e);
    }
  }

  /** Sends {@code records} records, taking the pool round and round, and waits for them. */
  void fill(String topic, Events pool, long records) {
    Properties p = new Properties();
    p.put("bootstrap.servers", bootstrapServers);
    p.put("linger.ms", "20");
    p.put("batch.size", "262144");
    p.put("buffer.memory", "134217728");
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (long i = 0; i < records && failure.get() == null; i++) {
        int at = (int) (i % pool.size());
        producer.send(
            new ProducerRecord<>(topic, pool.key(at), pool.value(at)),
            (done, e) -> {
              if (e != null) {
                failure.compareAndSet(null, e);
              }
            });
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("'" + topic + "' could not be filled", failure.get());
    }
  }
}
