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
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import io.millrace.schemas.ModelKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends a control event: what a running job is to do with a model, or with all. */
@Command(
    name = "control",
    description = {
      "Sends an order to a running job: set a hyperparameter or take that back (unset), pause,"
          + " resume, reset, snapshot.",
      "The job takes it in the order of its topic and records it in its state and in the next"
          + " snapshot; what it cannot follow becomes a dead letter.",
      "Waits for the job's answer; fails if it refuses the order or does not answer."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace control --key nsw set learning-rate 0.05",
      "  millrace control --key patches set schedule minibatch",
      "  millrace control --all snapshot --job job.yaml"
    })
public final class ControlCommand implements Runnable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Pattern OF_A_JOB =
      Pattern.compile("(.+)\\.(?:examples|control|tune\\.requests)");

  /** What can be ordered. */
  enum Action {
    SET,
    UNSET,
    RESET,
    PAUSE,
    RESUME,
    SNAPSHOT
  }

  /** For whom. */
  static final class Target {
    @Option(names = "--key", required = true, paramLabel = "KEY", description = "One model key.")
    private String key;

    @Option(names = "--all", required = true, description = "Every key, also those to come.")
    private boolean all;

    String modelKey() {
      return all ? ModelKeys.ALL : key;
    }
  }

  @ArgGroup(multiplicity = "1")
  private Target target;

  @Parameters(index = "0", paramLabel = "ORDER", description = "${COMPLETION-CANDIDATES}")
  private Action action;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "set, unset: of what.")
  private String name;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "set: to what, a number or a word of the method.")
  private String value;

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
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    requireArguments();
    double number = number();
    String to = kafka.orders(topic);
    Kafka.partitions(kafka, to);
    // An origin of its own: sent twice by a retry, the event is still taken once.
    Control control =
        new Control(
            target.modelKey(),
            io.millrace.schemas.ControlCommand.valueOf(action.name()),
            name == null ? "" : name,
            number,
            Instant.now(),
            "cli-" + UUID.randomUUID(),
            1L,
            0);
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("topic", to);
    o.put("key", control.getKey());
    o.put("command", control.getCommand().name());
    if (name != null) {
      o.put("name", name);
    }
    if (value != null) {
      o.put("value", number);
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

  private double number() {
    try {
      return value == null ? 0 : ControlValue.of(name, value);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void requireArguments() {
    boolean needsName = action == Action.SET || action == Action.UNSET;
    boolean needsValue = action == Action.SET;
    if (needsName == (name != null) && needsValue == (value != null)) {
      return;
    }
    throw new ParameterException(
        spec.commandLine(),
        switch (action) {
          case SET -> "set: needs a hyperparameter and a value, as in: set learning-rate 0.05";
          case UNSET -> "unset: needs a hyperparameter and no value, as in: unset learning-rate";
          default -> action.name().toLowerCase(Locale.ROOT) + ": takes neither name nor value";
        });
  }
}
