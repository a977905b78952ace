package io.millrace.bench.state;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.console.Progress;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobTopology;
import io.millrace.jobs.KafkaTopics;
import io.millrace.jobs.LearnPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What an event costs where state is on disk: bytes that the {@code learn} job writes into RocksDB
 * per event, by kind of event, with keys that have examples waiting for their labels; and bytes of
 * an incremental checkpoint, at first and after an interval without events. Counts, not times.
 */
public final class StateBenchmark implements Benchmark {
  private static final Duration LIMIT = Duration.ofMinutes(20);

  @Override
  public String name() {
    return "state";
  }

  @Override
  public String description() {
    return "bytes written into RocksDB per event, and bytes of an incremental checkpoint";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of("keys", 10_000L, "waiting", 100L, "events", 50_000L, "dimension", 250L);
  }

  @Override
  @SuppressWarnings("try") // closing a MiniCluster may throw what its interface declares: anything
  public Map<String, Object> run(Run run) throws IOException, InterruptedException {
    run.requirePositive("keys", "waiting", "events", "dimension");
    try (EmbeddedBroker broker = EmbeddedBroker.start(run.workDir().resolve("broker"))) {
      JobConfig config = JobConfig.parse(yaml(run, broker));
      KafkaTopics.Prepared prepared = KafkaTopics.prepare(config);
      Configuration c = new Configuration();
      c.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
      c.set(RocksDBOptions.OPTIONS_FACTORY, WrittenBytes.class.getName());
      MiniClusterConfiguration.Builder one =
          new MiniClusterConfiguration.Builder()
              .setConfiguration(c)
              .setNumTaskManagers(1)
              .setNumSlotsPerTaskManager(1)
              .withRandomPorts();
      try (MiniCluster cluster = new MiniCluster(one.build())) {
        cluster.start();
        StreamExecutionEnvironment env = new StreamExecutionEnvironment();
        CountedLearner.Counts counts = CountedLearner.reset();
        JobTopology.build(
            env,
            config,
            new LearnPlan(config).stages(CountedLearner.of(new LearnPlan(config).factory())),
            prepared.submission());
        env.configure(c);
        JobID job = cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
        return measure(
            run, new WaitingEvents(broker.bootstrapServers(), run), cluster, job, counts);
      } catch (IOException | InterruptedException e) {
        throw e;
      } catch (Exception e) { // as Flink declares it
        throw new IOException("the job of the benchmark failed", e);
      }
    }
  }

  private static Map<String, Object> measure(
      Run run, WaitingEvents events, MiniCluster cluster, JobID job, CountedLearner.Counts counts)
      throws Exception {
    long filled = (long) run.count("keys") * run.count("waiting");
    int n = run.count("events");
    Map<String, Object> report = new LinkedHashMap<>();
    try (Progress progress = new Progress(run.output(), "state", "phases", 5)) {
      events.unlabelled(filled);
      await(() -> counts.predicted() == filled);
      progress.at(1, "");

      long before = WrittenBytes.total();
      events.labelled(n);
      await(() -> counts.predicted() == filled + n);
      report.put("bytes-per-labelled-example", perEvent(before, n));
      progress.at(2, "");

      before = WrittenBytes.total();
      events.unlabelled(n);
      await(() -> counts.predicted() == filled + 2L * n);
      report.put("bytes-per-unlabelled-example", perEvent(before, n));
      progress.at(3, "");

      before = WrittenBytes.total();
      events.labels(n);
      await(() -> counts.learned() == 2L * n);
      report.put("bytes-per-label", perEvent(before, n));
      progress.at(4, "");
    }
    CompletedCheckpointStats full = checkpoint(cluster, job);
    CompletedCheckpointStats idle = checkpoint(cluster, job);
    report.put("state-bytes", full.getStateSize());
    report.put("checkpoint-bytes-after-the-events", full.getCheckpointedSize());
    report.put("checkpoint-bytes-of-an-idle-interval", idle.getCheckpointedSize());
    cluster.cancelJob(job).get();
    report.forEach((what, bytes) -> run.output().say("%-40s %,d", what, (Long) bytes));
    return report;
  }

  private static long perEvent(long before, int events) {
    return (WrittenBytes.total() - before) / events;
  }

  private static CompletedCheckpointStats checkpoint(MiniCluster cluster, JobID job)
      throws Exception {
    cluster.triggerCheckpoint(job).get();
    return cluster
        .getExecutionGraph(job)
        .get()
        .getCheckpointStatsSnapshot()
        .getHistory()
        .getLatestCompletedCheckpoint();
  }

  /** Something that comes to hold. */
  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the events were not through within " + LIMIT);
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static String yaml(Run run, EmbeddedBroker broker) {
    return String.join(
        "\n",
        "job: learn",
        "name: bench-state",
        "kafka: {bootstrap-servers: '" + broker.bootstrapServers() + "'}",
        "topics: {prefix: bench-state, partitions: 1}",
        "model: {kind: linear, loss: logistic}",
        "features: {kind: sparse, dimension: " + run.count("dimension") + ", scaling: none}",
        "optimizer: {name: sgd, learning-rate: 0.01}",
        "labels: {wait: 30d, max-pending: 1000000}",
        "snapshots: {every-examples: 0}",
        "metrics: {every-examples: 0}",
        "delivery: at-least-once",
        "state: {backend: rocksdb}",
        "checkpoint: {interval: 1h, directory: '" + run.workDir().resolve("checkpoints") + "'}",
        "parallelism: 1",
        "");
  }
}
