package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.cli.topics.OrderAnswer;
import io.millrace.client.TuneClient;
import io.millrace.client.TuneException;
import io.millrace.schemas.ArmChange;
import io.millrace.schemas.ArmCommand;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds an arm to a tuner, or takes one away. */
@Command(
    name = "arm",
    description = {
      "Adds an arm to a tuner, removes one, or purges one with all that is known of it.",
      "Waits for the job's answer; fails if it refuses the order or does not answer."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  millrace tune arm add sor 1.975 --value 1.975 --from 1.95",
      "  millrace tune arm remove sor 1"
    })
public final class TuneArmCommand implements Runnable {
  /** What can be done. */
  enum Change {
    add,
    remove,
    purge
  }

  @Parameters(index = "0", paramLabel = "CHANGE", description = "One of: ${COMPLETION-CANDIDATES}.")
  private Change change;

  @Parameters(index = "1", paramLabel = "KEY", description = "Tuner key.")
  private String key;

  @Parameters(index = "2", paramLabel = "ARM", description = "Name of the arm.")
  private String arm;

  @Option(
      names = "--value",
      paramLabel = "X",
      description = "add: value of a new arm. Default: none, for arms with names alone.")
  private double value = Double.NaN;

  @Option(
      names = "--from",
      paramLabel = "ARM",
      description = "add: arm from whose statistics the new one starts, this once.")
  private String from = "";

  @Option(
      names = "--weight",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "add --from: as how many observations they count at most. Default: ${DEFAULT-VALUE}.")
  private double weight;

  @Option(
      names = "--metrics-topic",
      paramLabel = "TOPIC",
      description = "Topic in which the job answers. Default: that of --job, else PREFIX.metrics.")
  private String metricsTopic;

  @Mixin private OrderAnswer answer;
  @Mixin private TuneConnection connection;
  @Mixin private Output output;

  @Override
  public void run() {
    ArmCommand command =
        switch (change) {
          case add -> ArmCommand.ADD;
          case remove -> ArmCommand.REMOVE;
          case purge -> ArmCommand.PURGE;
        };
    String origin = "cli/" + UUID.randomUUID();
    ArmChange order =
        new ArmChange(key, command, arm, value, from, weight, Instant.EPOCH, origin, 1L);
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("key", key);
    o.put("change", change.name());
    o.put("arm", arm);
    if (!answer.awaited()) {
      send(order);
      output.result(o);
    } else {
      String answers = connection.metrics(metricsTopic);
      answer.await(connection.kafka(), answers, origin, o, output, () -> send(order));
    }
    if (!output.json()) {
      output.say(answer.awaited() ? "done" : "sent");
    }
  }

  private void send(ArmChange order) {
    try (TuneClient client = connection.open()) {
      client.send(order);
    } catch (TuneException e) {
      throw new CommandFailed(e.getMessage(), e);
    }
  }
}
