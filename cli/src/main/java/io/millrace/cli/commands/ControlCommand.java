package io.millrace.cli.commands;

import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Output;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.schemas.Control;
import io.millrace.schemas.ModelKeys;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
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
          + " snapshot; what it cannot follow becomes a dead letter."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace control --key nsw set learning-rate 0.05",
      "  millrace control --all snapshot"
    })
public final class ControlCommand implements Runnable {
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

  @Parameters(index = "2", arity = "0..1", paramLabel = "VALUE", description = "set: to what.")
  private Double value;

  @Option(
      names = "--topic",
      defaultValue = "millrace.examples",
      description =
          "Topic that the job reads orders from; among the examples an order has its place in the"
              + " sequence of a key. Default: ${DEFAULT-VALUE}.")
  private String topic;

  @Mixin private KafkaOptions kafka;
  @Mixin private Output output;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    requireArguments();
    Kafka.partitions(kafka, topic);
    // An origin of its own: sent twice by a retry, the event is still taken once.
    Control control =
        new Control(
            target.modelKey(),
            io.millrace.schemas.ControlCommand.valueOf(action.name()),
            name == null ? "" : name,
            value == null ? 0 : value,
            Instant.now(),
            "cli-" + UUID.randomUUID(),
            1L,
            0);
    try (EventWriter writer =
        EventWriter.open(kafka.access(), "millrace-cli", EventTopics.single(topic), 1)) {
      writer.send(control);
    }
    Map<String, Object> sent = new LinkedHashMap<>();
    sent.put("topic", topic);
    sent.put("key", control.getKey());
    sent.put("command", control.getCommand().name());
    if (name != null) {
      sent.put("name", name);
    }
    if (value != null) {
      sent.put("value", value);
    }
    output.result(sent);
    if (!output.json()) {
      output.say("sent %s", sent);
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
