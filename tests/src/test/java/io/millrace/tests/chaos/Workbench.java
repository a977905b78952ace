package io.millrace.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.jobs.KafkaTopics;
import io.millrace.tests.integration.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/** A broker with a stream on it, and jobs to run over the stream. */
final class Workbench implements AutoCloseable {
  static final String EVENTS = "chaos.events";
  private static final int PARTITIONS = 4;
  private static final int THROTTLED_SECONDS = 60;
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String QUOTA = "consumer_byte_rate";

  private final Path directory;
  private final EmbeddedBroker broker;
  private final ChaosStream stream;
  private final ChaosFamily family;

  /**
   * Starts the broker and writes the stream.
   *
   * @param directory of everything that is left to look at
   */
  Workbench(Path directory, int events, ChaosFamily family) throws Exception {
    this.family = family;
    this.directory = Files.createDirectories(directory.toAbsolutePath());
    this.broker = EmbeddedBroker.start(this.directory.resolve("broker"));
    this.stream = family.streams().of(EVENTS, events);
    try (Admin admin = admin()) {
      NewTopic topic = new NewTopic(EVENTS, Optional.of(PARTITIONS), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
      KafkaTopics.awaitServed(admin, List.of(EVENTS));
      stream.produce(broker.bootstrapServers());
    } catch (Exception | Error e) {
      broker.close();
      throw e;
    }
  }

  ChaosStream stream() {
    return stream;
  }

  /**
   * Writes a job's YAML: reads the stream to its end, writes to topics under its own name.
   *
   * @param parallelism of every operator
   * @param state the entries of section {@code state}
   */
  Path job(String name, int parallelism, String state) throws IOException {
    String yaml =
        """
        name: %s
        kafka:
          bootstrap-servers: %s
          properties:
            max.partition.fetch.bytes: 16384
        topics: {prefix: %s, partitions: 3, %s}
        state: {%s}
        snapshots:
          every-examples: 100
          dtype: f64
        metrics:
          every-examples: 500
        checkpoint:
          interval: 2s
          directory: %s
        restart:
          delay: 500ms
          max-delay: 2s
        parallelism: %d
        stop: latest
        """
                .formatted(
                    name,
                    broker.bootstrapServers(),
                    name,
                    family.topics(),
                    state,
                    directory.resolve("checkpoints-" + name).toUri(),
                    parallelism)
            + family.settings();
    return Files.writeString(directory.resolve(name + "-" + parallelism + ".yaml"), yaml);
  }

  /**
   * The newest whole checkpoint of a job that is gone. Asked of the directory, as an operator has
   * to: what the job manager said before it died may have been followed by another and deleted.
   */
  private Path newestCheckpoint(String name) throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("checkpoints-" + name))) {
      return files
          .filter(f -> f.endsWith("_metadata"))
          .map(Path::getParent)
          .max(Comparator.comparingInt(c -> number(c.getFileName().toString())))
          .orElseThrow();
    }
  }

  private static int number(String checkpoint) {
    return Integer.parseInt(checkpoint.substring("chk-".length()));
  }

  /** Runs a job that nobody disturbs; what it leaves, every event in it. */
  Outcome calm(String name) throws Exception {
    try (ProcessCluster cluster = ProcessCluster.session(directory.resolve(name), 2)) {
      Run run = Run.submit(cluster, job(name, 2, ""));
      run.awaitFinished();
      assertThat(run.checkpoints().restored()).isZero();
    }
    Outcome outcome = outcome(name);
    outcome.assertAccountsFor(stream);
    return outcome;
  }

  /** Runs a job while a task manager is killed and then the broker; what it leaves. */
  Outcome storm(String name) throws Exception {
    throttle(THROTTLED_SECONDS, 2);
    try (ProcessCluster cluster = ProcessCluster.session(directory.resolve(name), 2)) {
      Run run = Run.submit(cluster, job(name, 2, ""));

      FlinkRest.Checkpoints before = run.awaitCheckpointAfter(1);
      assertThat(run.job().allRunning()).as("running at the kill").isTrue();
      cluster.killTaskManager(0);
      run.note("task manager killed after checkpoint " + before.newest());
      Await.until("loss noticed", LIMIT, run::job, job -> !job.allRunning());
      run.note("loss noticed");
      cluster.addTaskManager();
      FlinkRest.Checkpoints restored =
          Await.until("restored", LIMIT, run::checkpoints, c -> c.restored() >= 1);
      assertThat(restored.restoredFrom()).isGreaterThanOrEqualTo(before.newest());
      Await.until("running again", LIMIT, run::job, FlinkRest.Job::allRunning);
      run.note("running again, from checkpoint " + restored.restoredFrom());

      before = run.awaitCheckpointAfter(restored.restoredFrom());
      assertThat(run.job().allRunning()).as("running at the broker's kill").isTrue();
      run.note("killing the broker after checkpoint " + before.newest());
      killAndRestart(broker);
      run.note("broker back");
      FlinkRest.Checkpoints after = run.awaitCheckpointAfter(before.newest());
      assertThat(run.job().state()).as("job after the broker's kill").isEqualTo("RUNNING");
      run.note("checkpoint " + after.newest() + " since, restored " + after.restored());

      release();
      run.awaitFinished();
      run.note("finished: " + run.checkpoints());
    } finally {
      release();
    }
    Outcome outcome = outcome(name);
    outcome.assertAccountsFor(stream);
    return outcome;
  }

  /**
   * Runs a job whose whole cluster dies and which a wider one takes over; what it leaves.
   *
   * @param expected as much as is to be published
   */
  Outcome fall(String name, Outcome expected) throws Exception {
    throttle(THROTTLED_SECONDS, 2);
    try (ProcessCluster cluster = ProcessCluster.session(directory.resolve(name), 2)) {
      Run run = Run.submit(cluster, job(name, 2, ""));
      FlinkRest.Checkpoints last = run.awaitCheckpointAfter(1);
      assertThat(run.job().allRunning()).as("running at the kill").isTrue();
      cluster.kill();
      run.note("cluster killed after checkpoint " + last.newest());
    } finally {
      release();
    }
    try (ProcessCluster cluster = ProcessCluster.session(directory.resolve(name + "-heir"), 3)) {
      Run run = Run.submit(cluster, job(name, 3, ""), newestCheckpoint(name).toUri().toString());
      // It reads to the end but does not end: the restored source never tells its readers to.
      Await.until("everything published", LIMIT, () -> outcome(name), o -> o.asLongAs(expected));
      assertThat(run.checkpoints().restored()).isEqualTo(1);
      run.note("all published by the new cluster: " + run.checkpoints());
    }
    Outcome outcome = outcome(name);
    outcome.assertAccountsFor(stream);
    return outcome;
  }

  /** What a finished run has left. */
  Outcome outcome(String name) throws Exception {
    return Outcome.of(broker.bootstrapServers(), name, family);
  }

  /**
   * Makes the broker hand the stream out slowly, so that reading all of it takes about this long.
   * The job itself is the same as ever: no operator sleeps, barriers pass freely.
   *
   * @param readers consumers that share the stream
   */
  private void throttle(int seconds, int readers) throws Exception {
    try (Admin admin = admin()) {
      long bytes =
          admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values().stream()
              .flatMap(d -> d.replicaInfos().entrySet().stream())
              .filter(e -> e.getKey().topic().equals(EVENTS))
              .mapToLong(e -> e.getValue().size())
              .sum();
      quota(admin, (double) (bytes / seconds / readers));
    }
  }

  /**
   * Kills the broker as {@code kill -9} does, at a moment when no transaction is between its
   * decision and the markers that carry it out, and starts it again.
   *
   * <p>A broker without replicas does not survive that one moment: on its return it loads the
   * decided transaction while its partitions have no leader yet, takes them for deleted, and calls
   * the transaction complete without a marker (4.3.1: "these partitions are likely deleted
   * already"). The records stay invisible to read_committed, and everything behind them. Where
   * another replica takes over the partition never is without a leader.
   */
  static void killAndRestart(EmbeddedBroker broker) throws Exception {
    ListTransactionsOptions decided =
        new ListTransactionsOptions()
            .filterStates(Set.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Await.until(
          "no transaction decided and not carried out",
          Duration.ofSeconds(30),
          () ->
              admin.listTransactions(decided).all().get().size()
                  + admin.listTransactions(decided).all().get().size(),
          count -> count == 0);
      broker.kill();
    }
    broker.restart();
  }

  /** Lifts the throttle. */
  private void release() throws Exception {
    try (Admin admin = admin()) {
      quota(admin, null);
    }
  }

  private static void quota(Admin admin, Double bytesPerSecond) throws Exception {
    // Of each client by itself, whatever its id: Map.of takes no null.
    Map<String, String> anyClient = new HashMap<>();
    anyClient.put(ClientQuotaEntity.CLIENT_ID, null);
    ClientQuotaAlteration.Op op = new ClientQuotaAlteration.Op(QUOTA, bytesPerSecond);
    admin
        .alterClientQuotas(
            List.of(new ClientQuotaAlteration(new ClientQuotaEntity(anyClient), List.of(op))))
        .all()
        .get();
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @Override
  public void close() {
    broker.close();
  }
}
