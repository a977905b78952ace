package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Count;
import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Role;
import io.millrace.cli.topics.OrderAnswer;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.ControlEcho;
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

  @Mixin private OrderAnswer answer;
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
    if (!answer.awaited()) {
      send(to, control);
      output.result(o);
      if (!output.json()) {
        output.say("sent %s", o);
      }
      return;
    }
    ControlEcho echo =
        answer.await(kafka, answers(), control.getOrigin(), o, output, () -> send(to, control));
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
}
