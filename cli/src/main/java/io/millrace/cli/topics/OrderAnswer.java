package io.millrace.cli.topics;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Output;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Option;

/** Mixin of commands that give an order to a job and wait for its answer. */
public final class OrderAnswer {
  private static final Duration POLL = Duration.ofMillis(500);

  @Option(names = "--no-wait", description = "Send, and do not wait for the job's answer.")
  private boolean noWait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description =
          "How long to wait for the answer, which comes with the job's next checkpoint. Default:"
              + " ${DEFAULT-VALUE}.")
  private int timeoutSeconds;

  /** Whether an answer is waited for. */
  public boolean awaited() {
    return !noWait;
  }

  /**
   * Sends an order and waits until the job says what has become of it; that is put into the result,
   * which is printed.
   *
   * @param answers topic of the job's metrics
   * @param origin of the order, which no other has
   * @param o what has been said of it so far
   * @param send sends it
   * @return the answer
   * @throws CommandFailed if the job refuses, or none answers in time
   */
  public ControlEcho await(
      KafkaOptions kafka,
      String answers,
      String origin,
      Map<String, Object> o,
      Output output,
      Runnable send) {
    Kafka.partitions(
        kafka, answers, "name the job's own with --metrics-topic or --job, or send with --no-wait");
    ControlEcho echo;
    try (RecordFollower records = RecordFollower.fromEnd(kafka.settings("millrace-cli"), answers)) {
      send.run();
      output.note("sent; waiting for the job's answer, which comes with its next checkpoint");
      echo = first(records, origin);
    }
    if (echo == null) {
      o.put("outcome", null);
      output.result(o);
      throw new CommandFailed(
          "no job has answered in '"
              + answers
              + "' within "
              + timeoutSeconds
              + " seconds; the order stands in its topic and is obeyed by the job that reads it: see"
              + " whether one runs, or allow more with --timeout");
    }
    o.put("job", echo.getJob());
    o.put("outcome", echo.getOutcome().name());
    o.put("reason", echo.getReason());
    o.put("message", echo.getMessage());
    o.put("controlEpoch", echo.getControlEpoch());
    o.put("steps", echo.getSteps());
    output.result(o);
    if (echo.getOutcome() == ControlOutcome.REFUSED) {
      throw new CommandFailed(
          "job '" + echo.getJob() + "' refused the order: " + echo.getMessage());
    }
    return echo;
  }

  /** The first answer to an order; null: none came in time. */
  private ControlEcho first(RecordFollower records, String origin) {
    long end = System.nanoTime() + timeoutSeconds * 1_000_000_000L;
    ControlEcho[] answer = new ControlEcho[1];
    while (answer[0] == null && System.nanoTime() < end) {
      records.poll(
          POLL,
          r -> {
            if (answer[0] == null && r instanceof ControlEcho e && e.getOrigin().equals(origin)) {
              answer[0] = e;
            }
          });
    }
    return answer[0];
  }
}
