package io.millrace.bench.state;

import io.millrace.schemas.Example;
import io.millrace.schemas.NamedFeatures;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SparseFeatures;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends labelled examples of wide models to the keys in turn, each stream the same every time. */
final class NamedStream {
  /** What examples look like. */
  enum Kind {
    /** Columns by name: up to 4 numbers, the others categories of 20 values. */
    NAMED("{kind: named}"),

    /** 14 of 123 binary features, as a9a has them: one value of each of 14 attributes. */
    ADULT("{kind: sparse, dimension: 123}"),

    /**
     * 4 numbers, and categories of 20,000, 5,000, 300 and 50 values, the first values most often.
     */
    HASHED("{kind: named, hash-bits: 22}");

    private final String features;

    Kind(String features) {
      this.features = features;
    }

    /** The setting of that name. */
    String features() {
      return features;
    }

    String title() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int[] ADULT_VALUES = {5, 8, 5, 16, 5, 7, 14, 6, 5, 2, 2, 2, 5, 41};
  private static final int[] HASHED_VALUES = {20_000, 5_000, 300, 50};
  private static final int NUMBERS = 4;

  private final String servers;
  private final String topic;
  private final Kind kind;
  private final int keys;
  private final int columns;
  private final SplittableRandom random = new SplittableRandom(11);
  private long sent;

  NamedStream(String servers, String prefix, Kind kind, int keys, int columns) {
    this.servers = servers;
    this.topic = prefix + ".examples";
    this.kind = kind;
    this.keys = keys;
    this.columns = columns;
  }

  /** Sends so many, each key's in turn. */
  void send(long n) {
    send(n, null);
  }

  /** Sends so many to one key. */
  void sendTo(String key, long n) {
    send(n, key);
  }

  private void send(long n, String only) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", servers, "linger.ms", 20, "buffer.memory", 8L << 20);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (long i = 0; i < n; i++) {
        String key = only == null ? "model-" + sent++ % keys : only;
        producer.send(
            new ProducerRecord<>(
                topic, key.getBytes(StandardCharsets.UTF_8), SingleObject.encode(example(key))),
            (done, e) -> {
              if (e != null) {
                throw new IllegalStateException("an event could not be sent", e);
              }
            });
      }
    }
  }

  private Example example(String key) {
    Object features =
        switch (kind) {
          case ADULT -> adult();
          case NAMED -> named(null);
          case HASHED -> named(HASHED_VALUES);
        };
    double label = random.nextInt(4) == 0 ? 1 : 0;
    return new Example(key, "", Instant.ofEpochMilli(1000), 1.0, label, features);
  }

  private SparseFeatures adult() {
    List<Integer> indices = new ArrayList<>();
    List<Float> ones = new ArrayList<>();
    int first = 0;
    for (int values : ADULT_VALUES) {
      indices.add(first + skewed(values));
      ones.add(1f);
      first += values;
    }
    return new SparseFeatures(indices, ones);
  }

  /** The smaller the more often. */
  private int skewed(int values) {
    double u = random.nextDouble();
    return (int) (values * u * u * u);
  }

  private NamedFeatures named(int[] values) {
    Map<String, Double> numbers = new TreeMap<>();
    Map<String, String> categories = new TreeMap<>();
    for (int c = 0; c < columns; c++) {
      if (c < NUMBERS) {
        numbers.put("column" + c, random.nextDouble(-1, 1));
      } else {
        int value = values == null ? random.nextInt(20) : skewed(values[c - NUMBERS]);
        categories.put("column" + c, "value" + value);
      }
    }
    return new NamedFeatures(numbers, categories);
  }
}
