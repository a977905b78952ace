package io.millrace.bench.state;

import io.millrace.cli.bench.Benchmark;
import io.millrace.schemas.Example;
import io.millrace.schemas.Label;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SparseFeatures;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends examples with and without labels, and labels, to the keys in turn. */
final class WaitingEvents {
  private static final String TOPIC = "bench-state.examples";
  private static final int NON_ZEROS = 8;

  private final String servers;
  private final int keys;
  private final int dimension;
  private long sent;
  private long labelled;

  WaitingEvents(String servers, Benchmark.Run run) {
    this.servers = servers;
    this.keys = run.count("keys");
    this.dimension = run.count("dimension");
  }

  /** Makes the event of a number. */
  private interface Maker {
    SpecificRecordBase event(String key, long i);
  }

  /** Examples that wait. */
  void unlabelled(long n) {
    send(n, sent, (key, i) -> example(key, "wait-" + i, i, null));
    sent += n;
  }

  /** Examples that are learned from at once. */
  void labelled(long n) {
    send(n, 0, (key, i) -> example(key, "", i, (double) (i % 2)));
  }

  /** Labels of the examples that have waited longest. */
  void labels(long n) {
    send(
        n,
        labelled,
        (key, i) ->
            new Label(key, "wait-" + i, Instant.ofEpochMilli(1000), (double) (i % 2), null));
    labelled += n;
  }

  private Example example(String key, String id, long i, Double label) {
    Integer[] indices = new Integer[NON_ZEROS];
    Float[] values = new Float[NON_ZEROS];
    for (int j = 0; j < NON_ZEROS; j++) {
      indices[j] = (int) ((i + (long) j * dimension / NON_ZEROS) % dimension);
      values[j] = (float) StrictMath.sin(i + j);
    }
    return new Example(
        key,
        id,
        Instant.ofEpochMilli(1000),
        1.0,
        label,
        new SparseFeatures(List.of(indices), List.of(values)));
  }

  private void send(long n, long from, Maker maker) {
    Map<String, Object> settings = Map.of("bootstrap.servers", servers, "linger.ms", 20);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (long i = from; i < from + n; i++) {
        String key = "model-" + i % keys;
        byte[] value = SingleObject.encode(maker.event(key, i));
        producer.send(
            new ProducerRecord<>(TOPIC, key.getBytes(StandardCharsets.UTF_8), value),
            (done, e) -> {
              if (e != null) {
                throw new IllegalStateException("an event could not be sent", e);
              }
            });
      }
    }
  }
}
