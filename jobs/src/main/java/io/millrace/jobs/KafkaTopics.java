package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.operators.output.Channel;
import io.millrace.operators.shell.Submission;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a job needs of its Kafka before it starts: topics, and a broker that fits the settings. */
public final class KafkaTopics {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaTopics.class);
  private static final String API_TIMEOUT = "default.api.timeout.ms";
  private static final String REQUEST_TIMEOUT = "request.timeout.ms";
  private static final Duration SERVED_LIMIT = Duration.ofSeconds(30);
  private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

  private KafkaTopics() {}

  /** How long a client waits for an answer where the job's own settings do not say. */
  private static final int ANSWER_MILLIS = 20_000;

  /** The same for a look, which can do without. */
  private static final int LOOK_MILLIS = 3_000;

  /**
   * What was prepared.
   *
   * @param created names of the topics created
   * @param notes what is worth a line and no fault
   * @param submission for the stages. Its incarnation is the time in milliseconds, or one more than
   *     the largest that an earlier run has left in the topics, whichever is larger
   */
  public record Prepared(List<String> created, List<String> notes, Submission submission) {}

  /**
   * What a look has found.
   *
   * @param answered whether there is a Kafka
   * @param notes what is worth a line and no fault
   */
  public record Look(boolean answered, List<String> notes) {}

  /**
   * Creates the topics that are missing if the job wants that, else refuses; looks whether those
   * that are there are fit, whether another job has the same id, and whether the transaction
   * timeout fits the broker's.
   *
   * @throws ConfigException listing every fault
   */
  public static Prepared prepare(JobConfig config) {
    return prepare(config, Clock.systemUTC());
  }

  /** The same by another clock. */
  static Prepared prepare(JobConfig config, Clock clock) {
    List<String> faults = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<String> created = new ArrayList<>();
    Map<String, Integer> inputs = new HashMap<>();
    Brokers brokers = new Brokers();
    for (KafkaCluster cluster : config.clusters()) {
      ask(
          cluster,
          ANSWER_MILLIS,
          admin -> {
            brokers.add(admin, cluster, faults);
            if (!faults.isEmpty()) {
              return; // nothing is made where it may not belong
            }
            Set<String> present = new HashSet<>(admin.listTopics().names().get());
            List<String> made = create(admin, config, cluster, present, faults);
            present.addAll(made);
            created.addAll(made);
            inputs.putAll(
                new ExistingTopics(admin, config, cluster, faults, notes).look(present, made));
            if (config.exactlyOnce() && cluster.isOwn()) {
              checkTransactions(admin, config, faults, notes);
              checkId(admin, config, faults);
            }
          });
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    notes.forEach(LOG::warn);
    Submission[] submission = new Submission[1];
    KafkaCluster own = config.clusters().get(0);
    ask(own, ANSWER_MILLIS, admin -> submission[0] = submission(admin, config, own, clock, inputs));
    return new Prepared(List.copyOf(created), notes, submission[0]);
  }

  /** Something that is asked of a Kafka. */
  private interface Question {
    void ask(Admin admin) throws ExecutionException, InterruptedException;
  }

  private static void ask(KafkaCluster cluster, int answerMillis, Question question) {
    try (Admin admin = Admin.create(settings(cluster, answerMillis))) {
      question.ask(admin);
    } catch (ExecutionException | KafkaException e) {
      throw new ConfigException(explain(cluster, e));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Where the brokers of a job's Kafkas are: the same one under two names is one Kafka. */
  private static final class Brokers {
    private final Map<String, KafkaCluster> seen = new HashMap<>();

    void add(Admin admin, KafkaCluster cluster, List<String> faults)
        throws ExecutionException, InterruptedException {
      for (Node node : admin.describeCluster().nodes().get()) {
        String at = node.host() + ":" + node.port();
        KafkaCluster before = seen.putIfAbsent(at, cluster);
        if (before != null && before != cluster) {
          faults.add(
              cluster.addressKey()
                  + " = '"
                  + cluster.servers()
                  + "': the broker at "
                  + at
                  + " belongs to the Kafka of "
                  + before.addressKey()
                  + ", too; must be another one, on which no rows lie");
        }
      }
    }
  }

  /**
   * Looks at a Kafka without changing anything on it. One that does not answer is a note, because a
   * configuration may be checked where its Kafka cannot be reached.
   *
   * @throws ConfigException listing every fault
   */
  public static Look look(JobConfig config) {
    List<String> faults = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    Brokers brokers = new Brokers();
    for (KafkaCluster cluster : config.clusters()) {
      if (!KafkaReply.isListening(cluster.servers())) {
        // A client would go on asking until its time is up.
        silent.add(explain(cluster, new DisconnectException("nobody listens")));
        continue;
      }
      try (Admin admin = Admin.create(settings(cluster, LOOK_MILLIS))) {
        brokers.add(admin, cluster, faults);
        Set<String> present = admin.listTopics().names().get();
        for (String topic : cleanup(config, cluster).keySet()) {
          if (!present.contains(topic)) {
            if (config.get(Settings.CREATE_TOPICS)) {
              notes.add("topic '" + topic + "': does not exist, the job will create it");
            } else {
              faults.add(missing(topic));
            }
          }
        }
        new ExistingTopics(admin, config, cluster, faults, notes).look(present, List.of());
        if (config.exactlyOnce() && cluster.isOwn()) {
          checkTransactions(admin, config, faults, notes);
        }
      } catch (ExecutionException | KafkaException e) {
        boolean absent = KafkaReply.isSilence(e) || KafkaReply.isNoAddress(e);
        (absent ? silent : faults).add(explain(cluster, e));
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return silent.isEmpty() ? new Look(true, notes) : new Look(false, silent);
  }

  private static String explain(KafkaCluster cluster, Exception e) {
    return cluster.addressKey()
        + ": "
        + KafkaReply.explain(cluster.servers(), cluster.settings(), e);
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while Kafka was asked for its topics", e);
  }

  private static Submission submission(
      Admin admin, JobConfig config, KafkaCluster cluster, Clock clock, Map<String, Integer> inputs)
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
      long newest = EarlierRuns.newestIncarnation(new HashMap<>(cluster.settings()), partitions);
      return new Submission(Math.max(clock.millis(), newest + 1), counts, inputs);
    } catch (AuthorizationException e) {
      throw new ConfigException(
          "topics "
              + roles.keySet()
              + ": cannot be read ("
              + e.getMessage()
              + "); allow it, a new run looks there for the runs before it");
    }
  }

  private static Map<String, Object> settings(KafkaCluster cluster, int answerMillis) {
    Map<String, Object> settings = new HashMap<>(cluster.settings());
    if (!settings.containsKey(API_TIMEOUT) && !settings.containsKey(REQUEST_TIMEOUT)) {
      settings.put(API_TIMEOUT, answerMillis);
      settings.put(REQUEST_TIMEOUT, answerMillis);
    }
    return settings;
  }

  private static String missing(String topic) {
    return "topic '" + topic + "': does not exist; create it or set topics.create: true";
  }

  private static List<String> create(
      Admin admin, JobConfig config, KafkaCluster cluster, Set<String> present, List<String> faults)
      throws ExecutionException, InterruptedException {
    Map<String, NewTopic> missing = new LinkedHashMap<>();
    for (Map.Entry<String, String> t : cleanup(config, cluster).entrySet()) {
      if (!present.contains(t.getKey())) {
        missing.put(t.getKey(), topic(config, t.getKey(), t.getValue()));
      }
    }
    if (!config.get(Settings.CREATE_TOPICS)) {
      for (String name : missing.keySet()) {
        faults.add(missing(name));
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
    if (!faults.isEmpty()) {
      return List.of();
    }
    awaitServed(admin, missing.keySet());
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

  /** Cleanup policy of each topic on a cluster. */
  private static Map<String, String> cleanup(JobConfig config, KafkaCluster cluster) {
    Map<String, String> policies = new LinkedHashMap<>();
    for (JobFamily.Output output : config.outputs()) {
      policies.put(config.topic(output.topic()), output.channel().cleanup().policy());
    }
    // What a job reads is a sequence of events: compaction would lose some.
    config.inputTopics().forEach(topic -> policies.put(topic, Channel.Cleanup.DELETE.policy()));
    policies.keySet().removeIf(topic -> !cluster.holds(topic));
    return policies;
  }

  private static NewTopic topic(JobConfig config, String name, String cleanup) {
    return new NewTopic(
            name,
            Optional.ofNullable(config.get(Settings.PARTITIONS)),
            Optional.ofNullable(config.get(Settings.REPLICATION)).map(Integer::shortValue))
        .configs(Map.of("cleanup.policy", cleanup));
  }

  private static void checkTransactions(
      Admin admin, JobConfig config, List<String> faults, List<String> notes)
      throws ExecutionException, InterruptedException {
    String broker = admin.describeCluster().nodes().get().iterator().next().idString();
    ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker);
    Config values;
    try {
      values = admin.describeConfigs(List.of(resource)).all().get().get(resource);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof AuthorizationException)) {
        throw e;
      }
      notes.add(
          "the broker's settings may not be read (no right DESCRIBE_CONFIGS on the cluster), so"
              + " nobody has looked whether "
              + Settings.TRANSACTION_TIMEOUT.key()
              + " = "
              + config.get(Settings.TRANSACTION_TIMEOUT)
              + " is within its transaction.max.timeout.ms");
      return;
    }
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

  private static void checkId(Admin admin, JobConfig config, List<String> faults)
      throws ExecutionException, InterruptedException {
    String transaction =
        OtherJobs.transactionOf(admin, config.id(), config.get(Settings.CHECKPOINT_INTERVAL));
    if (transaction != null) {
      faults.add(
          "name = '"
              + config.name()
              + "', topics.prefix = '"
              + config.get(Settings.TOPIC_PREFIX)
              + "': another job writes in transactions of that name now ('"
              + transaction
              + "'), and each would undo what the other commits; stop it, or give this one another"
              + " name");
    }
  }
}
