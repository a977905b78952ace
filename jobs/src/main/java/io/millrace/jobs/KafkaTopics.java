package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.operators.output.Channel;
import io.millrace.operators.shell.Submission;
import java.time.Clock;
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
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;

/** What a job needs of its Kafka before it starts: topics, and a broker that fits the settings. */
public final class KafkaTopics {
  private static final Duration SERVED_LIMIT = Duration.ofSeconds(30);
  private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

  private KafkaTopics() {}

  /**
   * What was prepared.
   *
   * @param created names of the topics created
   * @param submission for the stages. Its incarnation is the time in milliseconds, or one more than
   *     the largest that an earlier run has left in the topics, whichever is larger
   */
  public record Prepared(List<String> created, Submission submission) {}

  /**
   * Creates the topics that are missing if the job wants that, else refuses; checks the transaction
   * timeout against the broker's.
   *
   * @throws ConfigException listing every fault
   */
  public static Prepared prepare(JobConfig config) {
    return prepare(config, Clock.systemUTC());
  }

  /** The same by another clock. */
  static Prepared prepare(JobConfig config, Clock clock) {
    try (Admin admin = Admin.create(settings(config))) {
      List<String> faults = new ArrayList<>();
      List<String> created = topics(admin, config, faults);
      if (config.get(Settings.DELIVERY).equals("exactly-once")) {
        checkTransactions(admin, config, faults);
      }
      if (!faults.isEmpty()) {
        throw new ConfigException(faults);
      }
      return new Prepared(created, submission(admin, config, clock));
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

  private static Submission submission(Admin admin, JobConfig config, Clock clock)
      throws ExecutionException, InterruptedException {
    Map<String, String> roles = new HashMap<>();
    for (JobFamily.Output output : config.outputs()) {
      if (output.channel().cleanup() == Channel.Cleanup.COMPACT) {
        roles.put(config.topic(output.topic()), output.channel().role());
      }
    }
    Map<String, Integer> counts = new HashMap<>();
    List<TopicPartition> partitions = new ArrayList<>();
    admin
        .describeTopics(roles.keySet())
        .allTopicNames()
        .get()
        .forEach(
            (topic, description) -> {
              counts.put(roles.get(topic), description.partitions().size());
              description
                  .partitions()
                  .forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
            });
    try {
      long newest = EarlierRuns.newestIncarnation(settings(config), partitions);
      return new Submission(Math.max(clock.millis(), newest + 1), counts);
    } catch (AuthorizationException e) {
      throw new ConfigException(
          "topics "
              + roles.keySet()
              + ": cannot be read ("
              + e.getMessage()
              + "); allow it, a new run looks there for the runs before it");
    }
  }

  private static Map<String, Object> settings(JobConfig config) {
    return new HashMap<>(config.kafkaProperties());
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
    for (Map.Entry<String, KafkaFuture<Void>> done :
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
    for (JobFamily.Output output : config.outputs()) {
      policies.put(config.topic(output.topic()), output.channel().cleanup().policy());
    }
    // What a job reads is a sequence of events: compaction would lose some.
    config.inputTopics().forEach(topic -> policies.put(topic, Channel.Cleanup.DELETE.policy()));
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
