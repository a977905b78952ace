package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Count;
import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Role;
import io.millrace.cli.topics.RecordFollower;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Sends an order to a running job, and waits for its answer: options and work of every command that
 * orders.
 */
final class Ordering {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Pattern OF_A_JOB =
      Pattern.compile("(.+)\\.(?:examples|control|tune\\.requests)");

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description =
          "Topic that the job reads orders from; among the examples an order has its place in the"
              + " sequence of a key. Default: the first that the job of --job reads, else PREFIX.examples.")
  private String topic;

  @Option(
      names = "--metrics-topic",
      paramLabel = "TOPIC",
      description =
          "Topic in which the job answers. Default: that of --job, else PREFIX.metrics, or that"
              + " beside --topic.")
  private String metricsTopic;

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

  @Mixin private KafkaOptions kafka;
  @Mixin private Output output;

  /**
   * Sends an order.
   *
   * @param key model key, or that of all
   * @param name of what it is about; empty: nothing
   * @param value NaN: it has none
   * @throws CommandFailed if the job refuses it, or no job answers in time
   */
  void send(String key, ControlCommand command, String name, double value) {
    String to = kafka.orders(topic);
    Kafka.partitions(kafka, to);
    // An origin of its own: sent twice by a retry, the event is still taken once.
    Control control =
        new Control(
            key,
            command,
            name,
            Double.isNaN(value) ? 0 : value,
            Instant.now(),
            "cli-" + UUID.randomUUID(),
            1L,
            0);
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("topic", to);
    o.put("key", control.getKey());
    o.put("command", control.getCommand().name());
    if (!name.isEmpty()) {
      o.put("name", name);
    }
    if (!Double.isNaN(value)) {
      o.put("value", value);
    }
    if (noWait) {
      send(to, control);
      output.result(o);
      if (!output.json()) {
        output.say("sent %s", o);
      }
      return;
    }
    String answers = answers();
    Kafka.partitions(
        kafka, answers, "name the job's own with --metrics-topic or --job, or send with --no-wait");
    ControlEcho echo;
    try (RecordFollower records = RecordFollower.fromEnd(kafka.settings("millrace-cli"), answers)) {
      send(to, control);
      output.note("sent; waiting for the job's answer, which comes with its next checkpoint");
      echo = await(records, control.getOrigin());
    }
    report(o, echo, answers);
  }

  private void send(String to, Control control) {
    try (EventWriter writer =
        EventWriter.open(kafka.access(), "millrace-cli", EventTopics.single(to), 1)) {
      writer.send(control);
    }
  }

  /** The topic of metrics of the job that reads orders from the other. */
  private String answers() {
    Matcher named = topic == null ? null : OF_A_JOB.matcher(topic);
    boolean beside = metricsTopic == null && named != null && named.matches();
    return beside ? named.group(1) + ".metrics" : kafka.topic(metricsTopic, Role.METRICS);
  }

  /** The first answer to an order; null: none came in time. */
  private ControlEcho await(RecordFollower records, String origin) {
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

  private void report(Map<String, Object> o, ControlEcho echo, String answers) {
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
    if (!output.json()) {
      output.say(
          "job '%s' has taken the order%s",
          echo.getJob(),
          echo.getSteps() < 0
              ? " for every key"
              : String.format(
                  Locale.ROOT,
                  " after %s of '%s'",
                  Count.of(echo.getSteps(), "step"),
                  echo.getKey()));
    }
  }
}
