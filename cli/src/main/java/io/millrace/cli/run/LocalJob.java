package io.millrace.cli.run;

import io.millrace.cli.console.CommandFailed;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobTopology;
import io.millrace.jobs.KafkaTopics;
import io.millrace.operators.shell.Submission;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** A job on a Flink cluster inside this JVM, with the web interface. */
public final class LocalJob implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  private final MiniCluster cluster;
  private final JobID id;
  private final CompletableFuture<JobResult> result;

  private LocalJob(MiniCluster cluster, JobID id) {
    this.cluster = cluster;
    this.id = id;
    this.result = cluster.requestJobResult(id);
  }

  /**
   * Starts a cluster and the job on it.
   *
   * @param restPort of the web interface, 0 for a free one; a range such as {@code 8081-8181} takes
   *     the first free one
   * @param savepoint to start from, or null
   * @param directory for checkpoints whose place the configuration does not name
   */
  public static LocalJob start(
      JobConfig config, String restPort, String savepoint, Path directory) {
    Submission submission = KafkaTopics.prepare(config).submission();
    Configuration flink = new Configuration();
    flink.set(RestOptions.BIND_PORT, restPort);
    flink.set(RestOptions.ADDRESS, "localhost");
    flink.set(RestOptions.BIND_ADDRESS, "localhost");
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri(directory.resolve("checkpoints")));
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
    JobTopology.build(env, config, submission);
    StreamGraph graph = env.getStreamGraph();
    if (savepoint != null) {
      graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint, false));
    }
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(flink)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(graph.getMaximumParallelism())
                .build());
    try {
      cluster.start();
      return new LocalJob(
          cluster,
          cluster
              .submitJob(graph.getJobGraph())
              .get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
              .getJobID());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close(cluster);
      throw new CommandFailed("interrupted while Flink started", e);
    } catch (Exception e) { // MiniCluster.start declares Exception
      close(cluster);
      throw new CommandFailed("Flink did not start: " + rootMessage(e), e);
    }
  }

  /** Address of the web interface. */
  public String webInterface() {
    return cluster.getRestAddress().join().toString();
  }

  /**
   * Complains if the job is not running any longer.
   *
   * @throws CommandFailed with the job's failure
   */
  public void check() {
    if (result.isDone()) {
      throw new CommandFailed("the job ended: " + end());
    }
  }

  /**
   * Waits until every task runs, or has run.
   *
   * @return whether that was so in time
   * @throws CommandFailed with the job's failure, if it ended by one
   */
  public boolean awaitRunning(Duration timeout) throws InterruptedException {
    long start = System.nanoTime();
    while (!running()) {
      if (await(POLL)) {
        if (!succeeded()) {
          throw new CommandFailed("the job ended: " + end());
        }
        return true;
      }
      if (System.nanoTime() - start > timeout.toNanos()) {
        return false;
      }
    }
    return true;
  }

  private boolean running() throws InterruptedException {
    try {
      for (AccessExecutionVertex task :
          cluster.getExecutionGraph(id).get().getAllExecutionVertices()) {
        ExecutionState state = task.getExecutionState();
        if (state != ExecutionState.RUNNING && state != ExecutionState.FINISHED) {
          return false;
        }
      }
      return true;
    } catch (ExecutionException e) {
      throw new CommandFailed("the job's state is not known: " + rootMessage(e), e);
    }
  }

  /**
   * Waits for the job's end.
   *
   * @return whether it has ended
   */
  public boolean await(Duration timeout) throws InterruptedException {
    try {
      result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false; // it goes on
    } catch (ExecutionException e) {
      return true; // end() says why
    }
  }

  /** How the job ended: its state, and its failure if there is one. */
  public String end() {
    if (result.isCompletedExceptionally()) {
      return "its result is lost: " + rootMessage(result.handle((r, e) -> e).join());
    }
    JobResult r = result.join();
    return r.getSerializedThrowable()
        .map(t -> rootMessage(t.deserializeError(LocalJob.class.getClassLoader())))
        .orElse(String.valueOf(r.getJobStatus().map(JobStatus::name).orElse("UNKNOWN")));
  }

  /** Whether the job ended without a failure. */
  public boolean succeeded() {
    return result.isDone()
        && !result.isCompletedExceptionally()
        && result.join().getSerializedThrowable().isEmpty();
  }

  /**
   * Ends the job with a savepoint.
   *
   * @return path of the savepoint
   */
  public String stopWithSavepoint(Path directory) {
    try {
      return cluster
          .stopWithSavepoint(id, uri(directory), false, SavepointFormatType.CANONICAL)
          .get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted while the savepoint was written", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandFailed(
          "no savepoint in '" + directory + "': " + rootMessage(e) + "; the job was not stopped",
          e);
    }
  }

  /** Cancels the job if it runs, and ends the cluster. */
  @Override
  public void close() {
    close(cluster);
  }

  private static void close(MiniCluster cluster) {
    try {
      cluster.closeAsync().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the local Flink cluster did not end", e);
    }
  }

  /** Flink takes the rest of a URI as it is: an escaped space would be a folder named %20. */
  private static String uri(Path directory) {
    return "file://" + directory.toAbsolutePath();
  }

  private static String rootMessage(Throwable e) {
    Throwable t = e;
    while (t.getCause() != null) {
      t = t.getCause();
    }
    return t.toString();
  }
}
