package io.millrace.cli.run;

import io.millrace.cli.console.Count;
import io.millrace.cli.run.LocalJob.Checkpoint;
import io.millrace.cli.run.LocalJob.Failure;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Looks after a job that runs here: tells of every failure that made it restart, and says how far
 * it is. Not thread-safe.
 */
public final class JobWatch {
  private final LocalJob job;
  private final Consumer<String> tell;
  private int restarts;
  private Failure last;

  /**
   * Begins to look.
   *
   * @param tell takes a line for each failure
   */
  public JobWatch(LocalJob job, Consumer<String> tell) {
    this.job = job;
    this.tell = tell;
  }

  /** Tells of what has failed since the last look. */
  public void look() throws InterruptedException {
    for (Failure f : job.newFailures()) {
      restarts++;
      last = f;
      tell.accept(
          "failure "
              + restarts
              + (f.task().isEmpty() ? "" : " in " + f.task())
              + ": "
              + f.reason()
              + "; the job starts again from its last checkpoint");
    }
  }

  /** How often the job has failed and begun again. */
  public int restarts() {
    return restarts;
  }

  /** Examples learned from since the tasks began. */
  public long learned() {
    return job.figures().sum("examplesLearned");
  }

  /** How the job does, for a line of progress. */
  public String state() {
    JobFigures f = job.figures();
    StringBuilder line = new StringBuilder();
    for (String gauge : new String[] {"loss", "accuracy"}) {
      double value = f.mean(gauge);
      if (Double.isFinite(value)) {
        line.append(String.format(Locale.ROOT, "%s %.4f, ", gauge, value));
      }
    }
    return line
        + String.format(
            Locale.ROOT,
            "snapshots %,d, dead letters %,d, restarts %d",
            f.sum("snapshots"),
            f.sum("deadLetters"),
            restarts);
  }

  /** The same as fields of a result. */
  public void figures(Map<String, Object> o) {
    JobFigures f = job.figures();
    o.put("events", f.sum("events"));
    o.put("examplesLearned", learned());
    o.put("snapshots", f.sum("snapshots"));
    o.put("deadLetters", f.sum("deadLetters"));
    o.put("restarts", restarts);
    o.put("lastFailure", last == null ? null : last.reason());
  }

  /**
   * Why a job that is about to be stopped has not done its work: it failed, and has not completed a
   * checkpoint since.
   *
   * @return null: it has
   */
  public String fault() throws InterruptedException {
    look();
    if (last == null) {
      return job.running() ? null : "not all of its tasks ever ran";
    }
    Checkpoint newest = job.newestCheckpoint();
    if (newest != null && newest.atMillis() > last.atMillis()) {
      return null;
    }
    return "it failed "
        + Count.of(restarts, "time")
        + " and has completed no checkpoint since; the last failure: "
        + last.reason();
  }
}
