package io.millrace.jobs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Checks {@code kafka.properties} as the clients of a job will see them, without a broker: what a
 * client refuses when a task makes it would start the job again and again.
 */
final class ClientSettings {
  /** What a job sets itself, and where it takes that from. */
  private static final Map<String, String> OWN = own();

  /** Names of classes that a client loads when it is made, and its validation does not. */
  private static final List<String> CLASSES =
      List.of("partition.assignment.strategy", "interceptor.classes", "metric.reporters");

  /** Of Flink's source, which reads its settings from the same map. */
  private static final List<String> OF_FLINK =
      List.of("commit.offsets.on.checkpoint", "register.consumer.metrics");

  /** A longer way to a known name is no slip. */
  private static final int SLIP = 2;

  private ClientSettings() {}

  private static Map<String, String> own() {
    Map<String, String> own = new LinkedHashMap<>();
    own.put("bootstrap.servers", Settings.BOOTSTRAP.key() + " says where Kafka is");
    own.put("group.id", "it is made of topics.prefix and name");
    own.put("client.id", "it is made of topics.prefix and name");
    own.put("client.id.prefix", "it is made of topics.prefix and name");
    own.put("transactional.id", "it is made of topics.prefix and name");
    own.put("transaction.timeout.ms", Settings.TRANSACTION_TIMEOUT.key() + " says it in one place");
    own.put("isolation.level", "a job reads what is committed, and nothing else");
    own.put("auto.offset.reset", "start and " + Settings.ON_LOST_OFFSETS.key() + " say it");
    own.put("enable.auto.commit", "offsets are committed with checkpoints");
    own.put("partition.discovery.interval.ms", Settings.DISCOVERY.key() + " says it");
    for (String side : List.of("key.", "value.")) {
      own.put(side + "serializer", "records are bytes");
      own.put(side + "deserializer", "records are bytes");
    }
    return own;
  }

  /**
   * Checks the settings given.
   *
   * @param section that they stand in
   * @param given its entries
   * @param faults takes every fault
   */
  static void check(
      JobConfig config, String section, Map<String, String> given, List<String> faults) {
    // On a Kafka that jobs share lie channels that are written at least once.
    boolean exactlyOnce = config.exactlyOnce() && section.equals(Settings.KAFKA);
    Map<String, String> rest = new HashMap<>(given);
    given.forEach(
        (name, value) -> {
          if (OWN.containsKey(name)) {
            rest.remove(name);
            String why =
                OWN.get(name).replace(Settings.BOOTSTRAP.key(), KafkaCluster.addressKey(section));
            faults.add(at(section, name) + ": the job sets it itself, " + why + "; remove it");
          } else if (name.equals("acks") && !value.equals("all") && !value.equals("-1")) {
            rest.remove(name);
            faults.add(
                at(section, name)
                    + " = '"
                    + value
                    + "'; must be all or absent, because with less a broker's end loses records"
                    + " that were taken for written");
          }
        });
    names(section, rest.keySet(), faults);
    classes(section, rest, faults);
    // What no validator knows would be said by each of them.
    Set<String> said = new TreeSet<>();
    Map<String, Object> common = new HashMap<>(rest);
    CLASSES.forEach(common::remove);
    common.put("bootstrap.servers", "localhost:9092");
    refused(common, AdminClientConfig::new, said);
    Map<String, Object> consumer = new HashMap<>(common);
    consumer.put("group.id", "job");
    consumer.put("key.deserializer", ByteArrayDeserializer.class);
    consumer.put("value.deserializer", ByteArrayDeserializer.class);
    refused(consumer, ConsumerConfig::new, said);
    Map<String, Object> producer = new HashMap<>(common);
    producer.put("key.serializer", ByteArraySerializer.class);
    producer.put("value.serializer", ByteArraySerializer.class);
    if (exactlyOnce) {
      producer.put("transactional.id", "job");
      String timeout = Long.toString(config.get(Settings.TRANSACTION_TIMEOUT).toMillis());
      producer.put("transaction.timeout.ms", timeout);
    }
    refused(producer, ProducerConfig::new, said);
    said.forEach(
        message ->
            faults.add(
                section
                    + ": "
                    + message
                    + (exactlyOnce ? " (delivery is exactly-once)" : "")
                    + "; mend or remove it"));
  }

  private static String at(String section, String name) {
    return section + "." + name;
  }

  private static void refused(
      Map<String, Object> settings, Consumer<Map<String, Object>> validator, Set<String> said) {
    try {
      validator.accept(settings);
    } catch (ConfigException e) {
      said.add(e.getMessage());
    }
  }

  /** Kafka passes over a name it does not know: a slip of the pen would be obeyed as if absent. */
  private static void names(String section, Set<String> given, List<String> faults) {
    Set<String> known = new TreeSet<>(AdminClientConfig.configNames());
    known.addAll(ConsumerConfig.configNames());
    known.addAll(ProducerConfig.configNames());
    known.addAll(OF_FLINK);
    for (String name : given) {
      if (known.contains(name)) {
        continue;
      }
      known.stream()
          .filter(k -> Document.distance(k, name) <= SLIP)
          .findFirst()
          .ifPresent(
              k ->
                  faults.add(
                      at(section, name)
                          + ": no setting of a Kafka client; did you mean '"
                          + k
                          + "'?"));
    }
  }

  private static void classes(String section, Map<String, String> given, List<String> faults) {
    for (String setting : CLASSES) {
      String names = given.getOrDefault(setting, "");
      List<String> missing = new ArrayList<>();
      for (String name : names.split(",")) {
        if (!name.isBlank() && !isThere(name.strip())) {
          missing.add(name.strip());
        }
      }
      if (!missing.isEmpty()) {
        faults.add(
            at(section, setting)
                + " = '"
                + names
                + "'; there is no class "
                + missing
                + "; add its jar");
      }
    }
  }

  private static boolean isThere(String name) {
    try {
      Class.forName(name, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
