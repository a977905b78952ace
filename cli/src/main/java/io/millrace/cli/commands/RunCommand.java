package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.WorkDirectory;
import io.millrace.cli.run.LocalJob;
import io.millrace.jobs.JobConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a job on a Flink cluster inside this JVM, against the Kafka of its YAML. */
@Command(
    name = "run",
    description = {
      "Runs a job of a YAML on a Flink cluster inside this process, until Ctrl-C.",
      "For a cluster of your own: flink run jobs/target/millrace-jobs.jar JOB.yaml"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace run job.yaml --savepoint savepoints/",
      "  millrace run job.yaml --from savepoints/savepoint-1a2b3c-4d5e6f"
    })
public final class RunCommand implements Runnable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final int STOP_LIMIT_MINUTES = 2;

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

  @Option(names = "--check", description = "Check the settings and end; runs nothing.")
  private boolean check;

  @Mixin private Output output;

  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean interrupted;
  private String written;

  @Override
  public void run() {
    JobConfig config = JobConfig.read(file);
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("job", file.toString());
    if (check) {
      o.put("valid", true);
      output.result(o);
      if (!output.json()) {
        output.say("%s", config.toString().stripTrailing());
      }
      return;
    }
    Path directory = WorkDirectory.open("run", workDirectory);
    o.put("workDirectory", directory.toString());
    LocalJob job = LocalJob.start(config, restPort, savepoint, directory);
    Thread hook = new Thread(this::interrupt, "millrace-run-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (job) {
      output.note("web interface  %s", job.webInterface());
      output.note("work directory %s", directory);
      announce(job);
      o.put("webInterface", job.webInterface());
      if (!await(job)) {
        stop(job);
      } else if (!job.succeeded()) {
        throw new CommandFailed("the job ended: " + job.end());
      }
    } catch (CommandFailed e) {
      if (interrupted) {
        output.note("millrace run: %s", e.getMessage()); // the JVM is gone before the caller can
      }
      throw e;
    } finally {
      ended.countDown();
      if (!interrupted) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
    o.put("savepoint", written);
    output.result(o);
  }

  private void announce(LocalJob job) {
    try {
      boolean running = job.awaitRunning(START_LIMIT);
      output.note(
          "%s; Ctrl-C stops%s",
          running ? "running" : "not all tasks run yet, see the web interface and the log",
          savepointDirectory == null ? "" : " with a savepoint");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the job ended by itself. */
  private boolean await(LocalJob job) {
    long start = System.nanoTime();
    try {
      while (!job.await(POLL)) {
        if (interrupted
            || seconds != null && System.nanoTime() - start >= seconds * 1_000_000_000L) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void stop(LocalJob job) {
    if (savepointDirectory != null) {
      written = job.stopWithSavepoint(savepointDirectory.toAbsolutePath());
      output.note("savepoint      %s", written);
      output.note(
          "go on with     millrace run %s --from %s", Output.word(file), Output.word(written));
    }
  }

  /** Ctrl-C: the JVM ends when this thread does, which waits until the job has been stopped. */
  private void interrupt() {
    interrupted = true;
    try {
      if (!ended.await(STOP_LIMIT_MINUTES, TimeUnit.MINUTES)) {
        output.note("the job did not end within %d minutes", STOP_LIMIT_MINUTES);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
