package io.millrace.client;

import io.millrace.core.ConfigException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Where Kafka is and how to get in. The properties (TLS, SASL, timeouts) are passed through to
 * every Kafka client; their values are never logged or printed.
 */
public final class KafkaAccess {
  private final String bootstrapServers;
  private final Map<String, String> properties;

  /**
   * Access to a cluster.
   *
   * @param bootstrapServers {@code host:port,...}
   * @param properties of Kafka's clients; copied
   */
  public KafkaAccess(String bootstrapServers, Map<String, String> properties) {
    if (bootstrapServers == null || bootstrapServers.isBlank()) {
      throw new ConfigException("kafka.bootstrap-servers is empty; must be host:port,...");
    }
    this.bootstrapServers = bootstrapServers;
    this.properties = Map.copyOf(properties);
  }

  /** Access without further properties. */
  public static KafkaAccess to(String bootstrapServers) {
    return new KafkaAccess(bootstrapServers, Map.of());
  }

  /** {@code host:port,...} as given. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** A reader of a whole topic, without a group: it commits nothing. */
  Consumer<byte[], byte[]> consumer(String clientId) {
    Map<String, Object> forced = new HashMap<>();
    forced.put("isolation.level", "read_committed");
    forced.put("enable.auto.commit", "false");
    forced.put("auto.offset.reset", "earliest");
    forced.put("allow.auto.create.topics", "false");
    return new KafkaConsumer<>(
        merge(clientId, forced), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** An idempotent producer that waits for all replicas. */
  Producer<byte[], byte[]> producer(String clientId) {
    return producer(clientId, "5");
  }

  /**
   * The same.
   *
   * @param lingerMillis how long a record waits for others, unless the properties say
   */
  Producer<byte[], byte[]> producer(String clientId, String lingerMillis) {
    Map<String, Object> forced = new HashMap<>();
    forced.put("enable.idempotence", "true");
    forced.put("acks", "all");
    Map<String, Object> settings = merge(clientId, forced);
    settings.putIfAbsent("linger.ms", lingerMillis);
    settings.putIfAbsent("compression.type", "lz4");
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The given properties under what this library relies on; all conflicts are named at once. */
  private Map<String, Object> merge(String clientId, Map<String, Object> forced) {
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, Object> e : new TreeMap<>(forced).entrySet()) {
      String given = properties.get(e.getKey());
      if (given != null && !given.equals(e.getValue())) {
        faults.add(
            "kafka.properties."
                + e.getKey()
                + " = "
                + given
                + "; must be "
                + e.getValue()
                + " because delivery relies on it; leave it out");
      }
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    Map<String, Object> settings = new HashMap<>(properties);
    settings.put("bootstrap.servers", bootstrapServers);
    settings.putIfAbsent("client.id", clientId);
    settings.putAll(forced);
    return settings;
  }

  /** Names of the properties, without their values. */
  @Override
  public String toString() {
    return "Kafka at "
        + bootstrapServers
        + " with properties "
        + new TreeSet<>(properties.keySet());
  }
}
