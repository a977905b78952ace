package io.millrace.bench.state;

import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobTopology;
import io.millrace.jobs.KafkaTopics;
import io.millrace.jobs.LearnPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A {@code learn} job in one slot of a cluster in this process, whose examples are counted. */
final class MeasuredJob implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(20);

  private final MiniCluster cluster;
  private final CountedLearner.Counts counts;
  private JobID job;

  private MeasuredJob(MiniCluster cluster, CountedLearner.Counts counts) {
    this.cluster = cluster;
    this.counts = counts;
  }

  /**
   * Starts a job; its topics are created.
   *
   * @param yaml its configuration
   */
  static MeasuredJob start(String yaml) throws IOException, InterruptedException {
    JobConfig config = JobConfig.parse(yaml);
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
    MeasuredJob started = new MeasuredJob(new MiniCluster(one.build()), CountedLearner.reset());
    try {
      started.cluster.start();
      StreamExecutionEnvironment env = new StreamExecutionEnvironment();
      LearnPlan plan = new LearnPlan(config);
      JobTopology.build(
          env, config, plan.stages(CountedLearner.of(plan.factory())), prepared.submission());
      env.configure(c);
      started.job = started.cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();
      return started;
    } catch (IOException | InterruptedException e) {
      started.close();
      throw e;
    } catch (Exception e) { // as Flink declares it
      started.close();
      throw new IOException("the job of the benchmark did not start", e);
    }
  }

  /** Examples so far. */
  CountedLearner.Counts counts() {
    return counts;
  }

  /** Waits until something holds. */
  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the events were not through within " + LIMIT);
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** Takes a checkpoint, before which all that was published is in its topic. */
  CompletedCheckpointStats checkpoint() throws IOException, InterruptedException {
    try {
      cluster.triggerCheckpoint(job).get();
      return cluster
          .getExecutionGraph(job)
          .get()
          .getCheckpointStatsSnapshot()
          .getHistory()
          .getLatestCompletedCheckpoint();
    } catch (ExecutionException e) {
      throw new IOException("the job of the benchmark took no checkpoint", e);
    }
  }

  /** Ends the job and its cluster. */
  @Override
  public void close() throws IOException {
    try {
      cluster.close();
    } catch (Exception e) { // as Flink declares it
      throw new IOException("the cluster of the benchmark did not stop", e);
    }
  }
}
