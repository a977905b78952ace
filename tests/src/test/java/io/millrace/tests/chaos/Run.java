package io.millrace.tests.chaos;

import io.millrace.tests.integration.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A job submitted to a cluster. */
final class Run {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final FlinkRest rest;
  private final String id;
  private final long startNanos = System.nanoTime();

  private Run(FlinkRest rest, String id) {
    this.rest = rest;
    this.id = id;
  }

  /** Uploads the shaded jar and runs it with a YAML. */
  static Run submit(ProcessCluster cluster, Path yaml) throws IOException {
    return submit(cluster, yaml, "");
  }

  /** The same from a checkpoint. */
  static Run submit(ProcessCluster cluster, Path yaml, String checkpoint) throws IOException {
    cluster.awaitReady();
    FlinkRest rest = cluster.rest();
    String jar = rest.upload(ClusterFiles.jobJar());
    return new Run(rest, rest.run(jar, checkpoint, "--config", yaml.toString()));
  }

  /** The job now; fails if it has ended for good without having finished. */
  FlinkRest.Job job() throws IOException {
    FlinkRest.Job job = rest.job(id);
    if (job.state().equals("FAILED") || job.state().equals("CANCELED")) {
      throw new AssertionError("job is " + job.state() + ": " + rest.failures(id));
    }
    return job;
  }

  FlinkRest.Checkpoints checkpoints() throws IOException {
    return rest.checkpoints(id);
  }

  /** Waits until every subtask runs and a checkpoint later than this one has completed. */
  FlinkRest.Checkpoints awaitCheckpointAfter(long newest) {
    Await.until("all tasks running", LIMIT, this::job, FlinkRest.Job::allRunning);
    return Await.until(
        "checkpoint after " + newest, LIMIT, this::checkpoints, c -> c.newest() > newest);
  }

  void awaitFinished() {
    Await.until("job finished", LIMIT, this::job, job -> job.state().equals("FINISHED"));
  }

  /** Ends the job with a savepoint and says where that is. */
  String stop(Path directory) throws IOException {
    String request = rest.stop(id, directory.toUri().toString());
    return Await.until(
        "savepoint", LIMIT, () -> rest.savepoint(id, request), location -> !location.isEmpty());
  }

  /** Ends the job as it is. */
  void cancel() throws IOException {
    rest.cancel(id);
    Await.until("job cancelled", LIMIT, () -> rest.job(id), job -> job.state().equals("CANCELED"));
  }

  /** Waits until the job has gone on from a checkpoint and every subtask runs. */
  void awaitRestored(long times) {
    Await.until("restored", LIMIT, this::checkpoints, c -> c.restored() >= times);
    Await.until("all tasks running again", LIMIT, this::job, FlinkRest.Job::allRunning);
  }

  /** Says on standard output what happened when, for whoever looks at a chaos run. */
  void note(String what) {
    System.out.printf("%7.1f s  %s%n", (System.nanoTime() - startNanos) / 1e9, what);
  }
}
