package io.millrace.jobs;

import io.millrace.core.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/** What a job needs of its Kafka before it starts: topics, and a broker that fits the settings. */
public final class KafkaTopics {
  private static final Duration SERVED_LIMIT = Duration.ofSeconds(30);
  private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

  private KafkaTopics() {}

  /**
   * Creates the topics that are missing if the job wants that, else refuses; checks the transaction
   * timeout against the broker's.
   *
   * @return names of the topics created
   * @throws ConfigException listing every fault
   */
  public static List<String> prepare(JobConfig config) {
    Map<String, Object> settings = new HashMap<>(config.kafkaProperties());
    try (Admin admin = Admin.create(settings)) {
      List<String> faults = new ArrayList<>();
      List<String> created = topics(admin, config, faults);
      if (config.get(Settings.DELIVERY).equals("exactly-once")) {
        checkTransactions(admin, config, faults);
      }
      if (!faults.isEmpty()) {
        throw new ConfigException(faults);
      }
      return created;
    } catch (ExecutionException e) {
      throw new ConfigException(
          Settings.BOOTSTRAP.key()
              + " = '"
              + config.get(Settings.BOOTSTRAP)
              + "'; Kafka refused or did not answer ("
              + e.getCause()
              + "); check address and kafka.properties");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Kafka was asked for its topics", e);
    }
  }

  private static List<String> topics(Admin admin, JobConfig config, List<String> faults)
      throws ExecutionException, InterruptedException {
    Set<String> present = admin.listTopics().names().get();
    Map<String, NewTopic> missing = new LinkedHashMap<>();
    for (Map.Entry<String, String> t : cleanup(config).entrySet()) {
      if (!present.contains(t.getKey())) {
        missing.put(t.getKey(), topic(config, t.getKey(), t.getValue()));
      }
    }
    if (!config.get(Settings.CREATE_TOPICS)) {
      for (String name : missing.keySet()) {
        faults.add("topic '" + name + "': does not exist; create it or set topics.create: true");
      }
      return List.of();
    }
    for (Map.Entry<String, org.apache.kafka.common.KafkaFuture<Void>> done :
        admin.createTopics(missing.values()).values().entrySet()) {
      try {
        done.getValue().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          faults.add("topic '" + done.getKey() + "': cannot be created (" + e.getCause() + ")");
        }
      }
    }
    if (faults.isEmpty()) {
      awaitServed(admin, missing.keySet());
    }
    return List.copyOf(missing.keySet());
  }

  /**
   * Waits until every partition answers. A broker says that a topic is created before it serves it,
   * and an idempotent producer that sends in between can lose the order of its first batches and
   * stall until its delivery timeout.
   */
  public static void awaitServed(Admin admin, Collection<String> topics)
      throws ExecutionException, InterruptedException {
    long deadline = System.nanoTime() + SERVED_LIMIT.toNanos();
    while (true) {
      try {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        admin
            .describeTopics(topics)
            .allTopicNames()
            .get()
            .forEach(
                (name, topic) ->
                    topic
                        .partitions()
                        .forEach(
                            p ->
                                ends.put(
                                    new TopicPartition(name, p.partition()), OffsetSpec.latest())));
        admin.listOffsets(ends).all().get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException) || System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(RETRY_PAUSE.toNanos());
      }
    }
  }

  /** Cleanup policy by topic. */
  private static Map<String, String> cleanup(JobConfig config) {
    Map<String, String> policies = new LinkedHashMap<>();
    policies.put(config.topic(Settings.MODELS), "compact");
    policies.put(config.topic(Settings.CONTROL), "compact");
    // Behind control: where it is also the examples' topic it must not be compacted.
    policies.put(config.topic(Settings.EXAMPLES), "delete");
    for (Setting<String> role : config.family().inputs()) {
      policies.put(config.topic(role), "delete");
    }
    policies.put(config.topic(Settings.METRICS), "delete");
    JobFamily.Output output = config.family().output();
    if (output.wanted(config)) {
      policies.put(config.topic(output.topic()), "delete");
    }
    policies.put(config.topic(Settings.DEAD_LETTERS), "delete");
    policies.remove(null);
    return policies;
  }

  private static NewTopic topic(JobConfig config, String name, String cleanup) {
    return new NewTopic(
            name,
            Optional.ofNullable(config.get(Settings.PARTITIONS)),
            Optional.ofNullable(config.get(Settings.REPLICATION)).map(Integer::shortValue))
        .configs(Map.of("cleanup.policy", cleanup));
  }

  private static void checkTransactions(Admin admin, JobConfig config, List<String> faults)
      throws ExecutionException, InterruptedException {
    String broker = admin.describeCluster().nodes().get().iterator().next().idString();
    ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker);
    Config values = admin.describeConfigs(List.of(resource)).all().get().get(resource);
    ConfigEntry max = values.get("transaction.max.timeout.ms");
    long timeout = config.get(Settings.TRANSACTION_TIMEOUT).toMillis();
    if (max != null && max.value() != null && timeout > Long.parseLong(max.value())) {
      faults.add(
          Settings.TRANSACTION_TIMEOUT.key()
              + " = "
              + config.get(Settings.TRANSACTION_TIMEOUT)
              + "; must be at most "
              + max.value()
              + " ms because the broker's transaction.max.timeout.ms says so and delivery is"
              + " exactly-once");
    }
  }
}
