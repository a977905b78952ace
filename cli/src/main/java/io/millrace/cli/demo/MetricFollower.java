package io.millrace.cli.demo;

import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Metric;
import io.millrace.schemas.SingleObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The newest metric record of every key. Not thread-safe. */
final class MetricFollower implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, Metric> newest = new TreeMap<>();

  MetricFollower(String bootstrapServers, String topic) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "client.id",
                "millrace-demo-metrics",
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                "false"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> all =
        consumer.partitionsFor(topic).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    consumer.assign(all);
    consumer.seekToBeginning(all);
  }

  void poll(Duration timeout) {
    for (ConsumerRecord<byte[], byte[]> r : consumer.poll(timeout)) {
      try {
        Metric m = SingleObject.standard().decode(Metric.class, r.value());
        newest.put(m.getKey(), m);
      } catch (DecodeException e) {
        throw new IllegalStateException(
            r.topic() + "-" + r.partition() + "@" + r.offset() + ": not a metric", e);
      }
    }
  }

  /** Examples learned from, over all keys. */
  long learned() {
    return newest.values().stream()
        .mapToLong(m -> m.getCounters().getOrDefault("examples", 0L))
        .sum();
  }

  /** Mean of a value over all keys, weighted by what each has scored; NaN at first. */
  double mean(String name) {
    return mean(
        newest.values().stream().map(m -> Map.entry(m.getCounters(), m.getValues())).toList(),
        name);
  }

  /** The same of any counters and values. */
  static double mean(List<Map.Entry<Map<String, Long>, Map<String, Double>>> keys, String name) {
    double sum = 0;
    long scored = 0;
    for (Map.Entry<Map<String, Long>, Map<String, Double>> k : keys) {
      Double v = k.getValue().get(name);
      long n = k.getKey().getOrDefault("scored", 0L);
      if (v != null) {
        sum += v * n;
        scored += n;
      }
    }
    return scored == 0 ? Double.NaN : sum / scored;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
