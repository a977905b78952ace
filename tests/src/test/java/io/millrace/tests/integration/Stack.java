package io.millrace.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobPlan;
import io.millrace.jobs.JobTopology;
import io.millrace.jobs.KafkaTopics;
import io.millrace.jobs.LearnerPlan;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.operators.shell.Submission;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointStatsCounts;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A real broker and a Flink MiniCluster, with what the tests ask of them. */
public final class Stack implements AutoCloseable {
  private static final long LIMIT_SECONDS = 120;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(90);

  /** Of every run here: two runs of a test are to publish the same bytes. */
  private static final Submission SUBMISSION = new Submission(1, Map.of());

  private final EmbeddedBroker broker;
  private final MiniCluster cluster;
  private final Path directory;

  private Stack(EmbeddedBroker broker, MiniCluster cluster, Path directory) {
    this.broker = broker;
    this.cluster = cluster;
    this.directory = directory;
  }

  /** Starts both. */
  public static Stack start(Path directory, int taskManagers, int slots) throws Exception {
    return start(directory, taskManagers, slots, new Configuration());
  }

  /** Starts both, the cluster with more settings. */
  public static Stack start(Path directory, int taskManagers, int slots, Configuration more)
      throws Exception {
    EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
    Configuration c = new Configuration(more);
    c.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(16));
    c.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
    c.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
    c.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri(directory, "checkpoints"));
    c.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, uri(directory, "savepoints"));
    c.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(500));
    c.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofSeconds(10));
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(c)
                .setNumTaskManagers(taskManagers)
                .setNumSlotsPerTaskManager(slots)
                .withRandomPorts()
                .build());
    cluster.start();
    return new Stack(broker, cluster, directory);
  }

  private static String uri(Path directory, String name) {
    return directory.resolve(name).toUri().toString();
  }

  public EmbeddedBroker broker() {
    return broker;
  }

  public MiniCluster cluster() {
    return cluster;
  }

  /** A topic of the broker. */
  public KafkaTopic topic(String name) {
    return new KafkaTopic(broker.bootstrapServers(), name);
  }

  /** Settings of a job named like the prefix of its topics, quick to checkpoint and to restart. */
  public JobConfig config(String name, String examples, int parallelism, String more) {
    return config(name, examples, parallelism, "300ms", Map.of(), more);
  }

  /** The same with an interval between checkpoints and settings of the Kafka clients. */
  public JobConfig config(
      String name,
      String examples,
      int parallelism,
      String interval,
      Map<String, String> kafka,
      String more) {
    String properties =
        kafka.entrySet().stream()
            .map(e -> e.getKey() + ": \"" + e.getValue() + "\"")
            .collect(Collectors.joining(", "));
    JobConfig config =
        JobConfig.parse(
            """
            name: %1$s
            kafka: {bootstrap-servers: "%2$s", properties: {%3$s}}
            topics: {prefix: %1$s, examples: %4$s, control: %4$s, partitions: 3%7$s}
            checkpoint: {interval: %5$s, timeout: 1m}
            restart: {delay: 10ms, max-delay: 100ms}
            parallelism: %6$d
            """
                    .formatted(
                        name,
                        broker.bootstrapServers(),
                        properties,
                        examples,
                        interval,
                        parallelism,
                        more.contains("job: dictionary") ? "" : ", labels: " + examples)
                + more);
    KafkaTopics.prepare(config);
    return config;
  }

  /** Submits a job as its users do, for a run of its own. */
  public JobID submit(JobConfig config) throws Exception {
    return submit(config, (String) null);
  }

  /** Submits a job for a run of its own, with what is told to have been found out. */
  public JobID submit(JobConfig config, Submission submission) throws Exception {
    StreamExecutionEnvironment env = new StreamExecutionEnvironment();
    JobTopology.build(env, config, submission);
    return submit(env, null);
  }

  /**
   * Submits a job as its users do: a run of its own, unless it goes on from a savepoint.
   *
   * @param savepoint to start from, or null
   */
  public JobID submit(JobConfig config, String savepoint) throws Exception {
    StreamExecutionEnvironment env = new StreamExecutionEnvironment();
    JobTopology.build(env, config, KafkaTopics.prepare(config).submission());
    return submit(env, savepoint);
  }

  /**
   * Submits a job with another learner.
   *
   * @param savepoint to start from, or null
   */
  public JobID submit(JobConfig config, LearnerFactory learner, String savepoint) throws Exception {
    StreamExecutionEnvironment env = new StreamExecutionEnvironment();
    JobTopology.build(env, config, ((LearnerPlan) JobPlan.of(config)).stages(learner), SUBMISSION);
    return submit(env, savepoint);
  }

  private JobID submit(StreamExecutionEnvironment env, String savepoint) throws Exception {
    JobGraph graph = env.getStreamGraph().getJobGraph();
    if (savepoint != null) {
      graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint, false));
    }
    return cluster.submitJob(graph).get(LIMIT_SECONDS, TimeUnit.SECONDS).getJobID();
  }

  /** Runs a job that ends by itself to its end. */
  public void run(JobConfig config, LearnerFactory learner) throws Exception {
    awaitEnd(submit(config, learner, null));
  }

  /** Waits for the end of a job that ends by itself. */
  public void awaitEnd(JobID job) throws Exception {
    Await.until("end of the bounded job", () -> status(job).isGloballyTerminalState());
    assertThat(status(job)).isEqualTo(JobStatus.FINISHED);
  }

  public JobStatus status(JobID job) throws Exception {
    return cluster.getJobStatus(job).get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /** Takes a checkpoint now, of a job that must be running. */
  public void checkpoint(JobID job) throws Exception {
    assertThat(status(job)).isEqualTo(JobStatus.RUNNING);
    Await.until(
        "a checkpoint on demand",
        () -> {
          try {
            cluster.triggerCheckpoint(job).get(LIMIT_SECONDS, TimeUnit.SECONDS);
            return true;
          } catch (java.util.concurrent.ExecutionException e) {
            if (status(job) != JobStatus.RUNNING) {
              throw e;
            }
            return false; // One was under way: they do not run side by side.
          }
        });
    Await.until(
        "the checkpoint to be shown", () -> counts(job).getNumberOfCompletedCheckpoints() > 0);
    assertThat(status(job)).isEqualTo(JobStatus.RUNNING);
  }

  /** The last checkpoint that is complete; null: none is. */
  public CompletedCheckpointStats lastCheckpoint(JobID job) throws Exception {
    return stats(job).getHistory().getLatestCompletedCheckpoint();
  }

  /** Why a job has failed for good, cause by cause. */
  public String failure(JobID job) throws Exception {
    Await.until("the job to fail for good", () -> status(job) == JobStatus.FAILED);
    return cluster
        .requestJobResult(job)
        .get(LIMIT_SECONDS, TimeUnit.SECONDS)
        .getSerializedThrowable()
        .orElseThrow()
        .getFullStringifiedStackTrace();
  }

  /** How many times the job has been started anew after a failure. */
  public int attempts(JobID job) throws Exception {
    int attempts = 0;
    for (AccessExecutionVertex v : tasks(job)) {
      attempts = Math.max(attempts, v.getCurrentExecutionAttempt().getAttemptNumber());
    }
    return attempts;
  }

  /** Waits until every task of a job runs. */
  public void awaitRunning(JobID job) throws Exception {
    Await.until(
        "every task to run",
        () -> {
          for (AccessExecutionVertex v : tasks(job)) {
            if (v.getExecutionState() != ExecutionState.RUNNING) {
              return false;
            }
          }
          return true;
        });
  }

  private Iterable<? extends AccessExecutionVertex> tasks(JobID job) throws Exception {
    return cluster
        .getExecutionGraph(job)
        .get(LIMIT_SECONDS, TimeUnit.SECONDS)
        .getAllExecutionVertices();
  }

  /** Waits until the job has been restored; Flink shows counts of a moment ago now and then. */
  public void awaitRestored(JobID job) throws Exception {
    Await.until("a restored checkpoint", () -> counts(job).getNumberOfRestoredCheckpoints() > 0);
  }

  private CheckpointStatsCounts counts(JobID job) throws Exception {
    return stats(job).getCounts();
  }

  private CheckpointStatsSnapshot stats(JobID job) throws Exception {
    return cluster
        .getExecutionGraph(job)
        .get(LIMIT_SECONDS, TimeUnit.SECONDS)
        .getCheckpointStatsSnapshot();
  }

  /** Ends a job with a savepoint and nothing flushed. */
  public String stop(JobID job) throws Exception {
    String path = stopping(job).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    Await.until("end after the savepoint", () -> status(job).isGloballyTerminalState());
    return path;
  }

  /** The same without waiting: the path of the savepoint to come. */
  public CompletableFuture<String> stopping(JobID job) {
    return cluster.stopWithSavepoint(
        job, uri(directory, "savepoints"), false, SavepointFormatType.CANONICAL);
  }

  /** How many checkpoints and savepoints have begun and not ended. */
  public int checkpointsUnderWay(JobID job) throws Exception {
    return counts(job).getNumberOfInProgressCheckpoints();
  }

  /** Commits what is open and ends a job. */
  public void cancel(JobID job) throws Exception {
    cluster.cancelJob(job).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    Await.until("end of the cancelled job", () -> status(job).isGloballyTerminalState());
  }

  @Override
  public void close() {
    try {
      cluster.close();
      awaitThreads();
    } catch (Exception e) { // as Flink declares it
      throw new IllegalStateException("a cluster that does not close", e);
    } finally {
      broker.close();
    }
  }

  /** A job that is gone has left no client behind, however often it was started. */
  private static void awaitThreads() {
    Await.until(
        "no client of a sink", CLOSE_LIMIT, Stack::clientsOfSinks, clients -> clients.isEmpty());
  }

  private static List<String> clientsOfSinks() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("kafka-") && name.contains("/sink-"))
        .toList();
  }
}
