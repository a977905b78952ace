package io.millrace.cli.run;

import io.millrace.cli.console.Causes;
import io.millrace.cli.console.CommandFailed;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobTopology;
import io.millrace.jobs.KafkaTopics;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.executiongraph.ArchivedExecutionGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.scheduler.ExecutionGraphInfo;
import org.apache.flink.runtime.scheduler.exceptionhistory.RootExceptionHistoryEntry;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * A job on a Flink cluster inside this JVM, with the web interface to look at ({@link
 * ReadOnlyWeb}).
 */
public final class LocalJob implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  /** Failures that Flink remembers: enough for all that can happen between two questions. */
  private static final int REMEMBERED = 64;

  private final MiniCluster cluster;
  private final JobID id;
  private final JobFigures figures;
  private final CompletableFuture<JobResult> result;
  private long toldUntil;

  /**
   * A failure that the job has met.
   *
   * @param atMillis when
   * @param task that failed; empty: the job as a whole
   * @param reason in one line
   */
  public record Failure(long atMillis, String task, String reason) {}

  private LocalJob(MiniCluster cluster, JobID id, JobFigures figures) {
    this.cluster = cluster;
    this.id = id;
    this.figures = figures;
    this.result = cluster.requestJobResult(id);
  }

  /**
   * Starts a cluster and the job on it.
   *
   * @param restPort of the web interface, 0 for a free one; a range such as {@code 8081-8181} takes
   *     the first free one
   * @param savepoint to start from, or null
   * @param directory for checkpoints whose place the configuration does not name
   * @param notes told what is worth a line about the job's topics
   */
  public static LocalJob start(
      JobConfig config, String restPort, String savepoint, Path directory, Consumer<String> notes) {
    requireSavepoint(savepoint);
    KafkaTopics.Prepared prepared = KafkaTopics.prepare(config);
    prepared.notes().forEach(notes);
    Configuration flink = configuration(restPort, directory);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
    JobTopology.build(env, config, prepared.submission());
    StreamGraph graph = env.getStreamGraph();
    graph.setJobName(config.name());
    if (savepoint != null) {
      graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint, false));
    }
    return submit(flink, graph);
  }

  /** Starts a cluster, and on it whatever the graph says. */
  static LocalJob submit(Configuration flink, StreamGraph graph) {
    JobFigures figures = JobFigures.of(flink);
    MiniCluster cluster = cluster(flink, graph.getMaximumParallelism());
    try {
      cluster.start();
      return new LocalJob(
          cluster,
          cluster
              .submitJob(graph.getJobGraph())
              .get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
              .getJobID(),
          figures);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close(cluster);
      throw new CommandFailed("interrupted while Flink started", e);
    } catch (Exception e) { // MiniCluster.start declares Exception
      close(cluster);
      throw new CommandFailed("Flink did not start: " + Causes.of(e), e);
    }
  }

  /** Settings of the cluster. */
  static Configuration configuration(String restPort, Path directory) {
    Configuration flink = new Configuration();
    flink.set(RestOptions.BIND_PORT, restPort);
    flink.set(RestOptions.ADDRESS, "localhost");
    flink.set(RestOptions.BIND_ADDRESS, "localhost");
    flink.set(ReadOnlyWeb.ENABLED, true);
    flink.set(WebOptions.SUBMIT_ENABLE, false);
    flink.set(WebOptions.CANCEL_ENABLE, false);
    flink.set(WebOptions.RESCALE_ENABLE, false);
    flink.set(WebOptions.ACCESS_CONTROL_ALLOW_ORIGIN, "null"); // Flink's own is every page's
    flink.set(WebOptions.LOG_PATH, directory.resolve("millrace.log").toString());
    flink.set(WebOptions.MAX_EXCEPTION_HISTORY_SIZE, REMEMBERED);
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri(directory.resolve("checkpoints")));
    return flink;
  }

  static MiniCluster cluster(Configuration flink, int slots) {
    return new MiniCluster(
        new MiniClusterConfiguration.Builder()
            .setConfiguration(flink)
            .setNumTaskManagers(1)
            .setNumSlotsPerTaskManager(slots)
            .build());
  }

  /** Flink takes the rest of a URI as it is: an escaped space would be a folder named %20. */
  private static String uri(Path directory) {
    return "file://" + directory.toAbsolutePath();
  }

  /**
   * Looks for a savepoint on this machine before anything is started for it.
   *
   * @param savepoint may be null
   * @throws CommandFailed if there is none
   */
  public static void requireSavepoint(String savepoint) {
    if (savepoint == null) {
      return;
    }
    URI uri = new org.apache.flink.core.fs.Path(savepoint).toUri();
    if (uri.getScheme() != null && !uri.getScheme().equals("file")) {
      return; // another file system: Flink looks
    }
    Path path = Path.of(uri.getPath());
    if (!Files.exists(path)) {
      throw new CommandFailed(
          "--from "
              + savepoint
              + ": is not there; name the directory of a savepoint or checkpoint");
    }
    if (Files.isDirectory(path) && !Files.exists(path.resolve("_metadata"))) {
      throw new CommandFailed(
          "--from "
              + savepoint
              + ": holds no _metadata, so it is no savepoint or checkpoint; name the directory that"
              + " does");
    }
  }

  /** Address of the web interface. */
  public String webInterface() {
    return cluster.getRestAddress().join().toString();
  }

  /** What the job has done since its tasks began. */
  public JobFigures figures() {
    return figures;
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
   * @throws CommandFailed if that takes longer, or the job fails
   */
  public void requireRunning(Duration timeout) {
    try {
      if (!awaitRunning(timeout)) {
        throw new CommandFailed(
            "the job does not run after " + timeout.toSeconds() + " seconds; see the log");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted while the job started", e);
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

  /**
   * Whether every task runs, or has run; a job that is starting or restarting has not got there.
   */
  public boolean running() throws InterruptedException {
    ArchivedExecutionGraph graph = info().getArchivedExecutionGraph();
    int tasks = 0;
    for (AccessExecutionVertex task : graph.getAllExecutionVertices()) {
      ExecutionState state = task.getExecutionState();
      if (state != ExecutionState.RUNNING && state != ExecutionState.FINISHED) {
        return false;
      }
      tasks++;
    }
    return tasks > 0 && graph.getState() != JobStatus.RESTARTING;
  }

  /** Failures that were not told yet, the oldest first. Call from one thread. */
  public List<Failure> newFailures() throws InterruptedException {
    List<Failure> all = new ArrayList<>();
    for (RootExceptionHistoryEntry e : info().getExceptionHistory()) {
      if (e.getTimestamp() > toldUntil) {
        String task = e.getFailingTaskName() == null ? "" : e.getFailingTaskName();
        all.add(new Failure(e.getTimestamp(), task, reason(e.getException())));
      }
    }
    all.sort((a, b) -> Long.compare(a.atMillis, b.atMillis));
    all.forEach(f -> toldUntil = Math.max(toldUntil, f.atMillis));
    return all;
  }

  /** The newest checkpoint to start from, and when it was begun; null: there is none. */
  public Checkpoint newestCheckpoint() throws InterruptedException {
    var statistics = info().getArchivedExecutionGraph().getCheckpointStatsSnapshot();
    CompletedCheckpointStats newest =
        statistics == null ? null : statistics.getHistory().getLatestCompletedCheckpoint();
    return newest == null
        ? null
        : new Checkpoint(newest.getTriggerTimestamp(), newest.getExternalPath());
  }

  /** A complete checkpoint. */
  public record Checkpoint(long atMillis, String path) {}

  private ExecutionGraphInfo info() throws InterruptedException {
    try {
      return cluster.getExecutionGraphInfo(id).get();
    } catch (ExecutionException e) {
      throw new CommandFailed("the job's state is not known: " + Causes.of(e), e);
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
      return "its result is lost: " + Causes.of(result.handle((r, e) -> e).join());
    }
    JobResult r = result.join();
    return r.getSerializedThrowable()
        .map(LocalJob::reason)
        .orElse(String.valueOf(r.getJobStatus().map(JobStatus::name).orElse("UNKNOWN")));
  }

  private static String reason(org.apache.flink.util.SerializedThrowable failure) {
    return Causes.of(failure.deserializeError(LocalJob.class.getClassLoader()));
  }

  /** Whether the job ended without a failure. */
  public boolean succeeded() {
    return result.isDone()
        && !result.isCompletedExceptionally()
        && result.join().getSerializedThrowable().isEmpty();
  }

  /**
   * Ends the job with a savepoint, however long that takes.
   *
   * @param sayEvery how often {@code waiting} is told of the seconds that have passed
   * @return path of the savepoint
   * @throws CommandFailed with the reason, if there is none; the job may go on then
   */
  public String stopWithSavepoint(Path directory, Duration sayEvery, LongConsumer waiting) {
    CompletableFuture<String> path =
        cluster.stopWithSavepoint(id, uri(directory), false, SavepointFormatType.CANONICAL);
    long start = System.nanoTime();
    while (true) {
      try {
        return path.get(sayEvery.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        waiting.accept(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailed("interrupted while the savepoint was written", e);
      } catch (ExecutionException e) {
        throw new CommandFailed("no savepoint in '" + directory + "': " + Causes.of(e), e);
      }
    }
  }

  /** Cancels the job if it runs, and ends the cluster. */
  @Override
  public void close() {
    close(cluster);
    figures.close();
  }

  private static void close(MiniCluster cluster) {
    try {
      cluster.closeAsync().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new CommandFailed(
          "the local Flink cluster did not end within "
              + STOP_LIMIT.toSeconds()
              + " seconds ("
              + Causes.of(e)
              + "); it ends with this process",
          e);
    }
  }
}
