package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Progress;
import io.millrace.cli.console.WorkDirectory;
import io.millrace.cli.run.JobWatch;
import io.millrace.cli.run.LocalJob;
import io.millrace.core.ConfigException;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobPlan;
import io.millrace.jobs.KafkaTopics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a job on a Flink cluster inside this JVM, against the Kafka of its YAML. */
@Command(
    name = "run",
    description = {
      "Runs a job of a YAML on a Flink cluster inside this process, until Ctrl-C.",
      "Says how far it is, and every failure that makes it start again. Fails if the job ended by a",
      "failure, or was stopped after one without having completed a checkpoint since.",
      "For a cluster of your own: flink run jobs/target/millrace-jobs.jar JOB.yaml"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace run job.yaml --savepoint savepoints/",
      "  millrace run job.yaml --from savepoints/savepoint-1a2b3c-4d5e6f"
    })
public final class RunCommand implements Runnable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration SAY_EVERY = Duration.ofSeconds(10);

  @Parameters(paramLabel = "JOB.yaml", description = "The job's settings.")
  private Path file;

  @Option(
      names = "--savepoint",
      paramLabel = "DIR",
      description = "At the end (Ctrl-C, --seconds) stop with a savepoint in this directory.")
  private Path savepointDirectory;

  @Option(
      names = "--from",
      paramLabel = "SAVEPOINT",
      description = "Start from a savepoint or a retained checkpoint.")
  private String savepoint;

  @Option(
      names = "--rest-port",
      paramLabel = "PORT",
      defaultValue = "8081-8181",
      description = "Port or range of Flink's web interface, 0: any. Default: ${DEFAULT-VALUE}.")
  private String restPort;

  @Option(names = "--seconds", paramLabel = "S", description = "End after so many seconds.")
  private Integer seconds;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description = "Log and checkpoints. Default: work/run-TIME in the installation.")
  private Path workDirectory;

  @Option(
      names = "--check",
      description = {
        "Check the settings, look at the topics if Kafka answers, and end; runs nothing,",
        "creates nothing."
      })
  private boolean check;

  @Mixin private Output output;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean interrupted;
  private String written;

  @Override
  public void run() {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("job", file.toString());
    JobConfig config = read(o);
    if (check) {
      check(config, o);
      return;
    }
    LocalJob.requireSavepoint(savepoint);
    Path directory = WorkDirectory.open("run", workDirectory, output);
    o.put("workDirectory", directory.toString());
    LocalJob job = LocalJob.start(config, restPort, savepoint, directory, this::note);
    Thread hook = new Thread(this::interrupt, "millrace-run-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (job) {
      output.note("web interface  %s", job.webInterface());
      output.note("work directory %s", directory);
      output.note("page           ./millrace dashboard --job %s", Output.word(file));
      o.put("webInterface", job.webInterface());
      follow(config, job, o);
    } catch (CommandFailed e) {
      if (interrupted) {
        output.note("millrace run: %s", e.getMessage()); // the JVM is gone before the caller can
      }
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    } finally {
      ended.countDown();
      if (!interrupted) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
    o.put("savepoint", written);
    output.result(o);
  }

  private void check(JobConfig config, Map<String, Object> o) {
    KafkaTopics.Look look;
    try {
      look = KafkaTopics.look(config);
    } catch (ConfigException e) {
      invalid(e, o);
      throw e;
    }
    JobPlan plan = JobPlan.of(config);
    o.put("valid", true);
    o.put("bytesPerKey", plan.bytesPerKey());
    o.put("expectedBytesPerKey", plan.expectedBytesPerKey());
    o.put("mostBytesPerKey", plan.mostBytesPerKey());
    o.put("kafkaAnswered", look.answered());
    o.put("notes", look.notes());
    output.result(o);
    if (!output.json()) {
      output.say("%s", config.toString().stripTrailing());
    }
    output.note("%s", plan.sizeOfKey());
    look.notes().forEach(this::note);
  }

  private void note(String note) {
    output.note("note: %s", note);
  }

  private JobConfig read(Map<String, Object> o) {
    try {
      return JobConfig.read(file);
    } catch (ConfigException e) {
      if (check) {
        invalid(e, o);
      }
      throw e;
    }
  }

  private void invalid(ConfigException e, Map<String, Object> o) {
    o.put("valid", false);
    o.put("faults", e.faults());
    output.result(o);
  }

  /** Shows how the job does until it ends or is to be stopped, and stops it then. */
  private void follow(JobConfig config, LocalJob job, Map<String, Object> o)
      throws InterruptedException {
    try (Progress progress = new Progress(output, config.name(), "examples", -1)) {
      JobWatch watch = new JobWatch(job, progress::note);
      boolean over = await(job, watch, progress);
      watch.look();
      watch.figures(o);
      if (over && !job.succeeded()) {
        throw new CommandFailed("the job ended: " + job.end());
      }
      progress.note("at the end: " + progress.line(watch.learned(), watch.state()));
      if (!over) {
        stop(job, watch);
      }
    }
  }

  /** Whether the job ended by itself. */
  private boolean await(LocalJob job, JobWatch watch, Progress progress)
      throws InterruptedException {
    long start = System.nanoTime();
    boolean said = false;
    while (!job.await(POLL)) {
      watch.look();
      if (!said && job.running()) {
        said = true;
        progress.note(
            "running; Ctrl-C stops" + (savepointDirectory == null ? "" : " with a savepoint"));
      }
      progress.at(watch.learned(), said ? watch.state() : "not all tasks run yet");
      if (interrupted || seconds != null && System.nanoTime() - start >= seconds * 1_000_000_000L) {
        return false;
      }
    }
    return true;
  }

  private void stop(LocalJob job, JobWatch watch) throws InterruptedException {
    String fault = watch.fault();
    if (savepointDirectory != null) {
      save(job, fault);
    } else if (fault != null) {
      throw new CommandFailed("the job was stopped, but " + fault);
    } else {
      output.note("stopped without a savepoint%s", goOn(job.newestCheckpoint()));
    }
  }

  private void save(LocalJob job, String fault) throws InterruptedException {
    try {
      written =
          job.stopWithSavepoint(
              savepointDirectory.toAbsolutePath(),
              SAY_EVERY,
              waited ->
                  output.note(
                      "the savepoint is being written, %,d seconds so far; kill -9 %d ends at once,"
                          + " without it",
                      waited, ProcessHandle.current().pid()));
    } catch (CommandFailed e) {
      throw new CommandFailed(
          e.getMessage()
              + (fault == null ? "" : "; " + fault)
              + "; the job ends without one"
              + goOn(job.newestCheckpoint()),
          e);
    }
    output.note("savepoint      %s", written);
    output.note(
        "go on with     millrace run %s --from %s", Output.word(file), Output.word(written));
  }

  private String goOn(LocalJob.Checkpoint newest) {
    return newest == null
        ? "; there is no checkpoint to go on from"
        : "; go on with millrace run "
            + Output.word(file)
            + " --from "
            + Output.word(newest.path());
  }

  /** Ctrl-C: the JVM ends when this thread does, which waits until the job has been stopped. */
  private void interrupt() {
    interrupted = true;
    output.note(
        savepointDirectory == null ? "stopping the job" : "stopping the job with a savepoint");
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
