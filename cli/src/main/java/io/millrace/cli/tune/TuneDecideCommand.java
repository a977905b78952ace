package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.client.Decision;
import io.millrace.client.TuneClient;
import io.millrace.client.TuneException;
import io.millrace.client.TuneQuery;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a tuner for an arm. */
@Command(
    name = "decide",
    description = {
      "Asks a tuner for an arm and waits for its decision.",
      "Report what the arm has cost with 'millrace tune report', under the id that is printed."
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace tune decide sor --context 0.25 --json")
public final class TuneDecideCommand implements Runnable {
  @Parameters(paramLabel = "KEY", description = "Tuner key.")
  private String key;

  @Option(
      names = "--context",
      split = ",",
      paramLabel = "X,...",
      description = "What is known of the case: as many numbers as request.context of the job.")
  private List<Double> context = List.of();

  @Option(
      names = "--arms",
      split = ",",
      paramLabel = "ARM,...",
      description = "Arms that are eligible. Default: all.")
  private List<String> arms = List.of();

  @Option(
      names = "--arm-features",
      split = ",",
      paramLabel = "X,...",
      description = "What is known of each arm, arm by arm in the order of --arms.")
  private List<Double> armFeatures = List.of();

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Id of the request: asked again with it, the answer is the same. Default: new.")
  private String id = "";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long to wait for the decision. Default: ${DEFAULT-VALUE}.")
  private double timeoutSeconds;

  @Option(
      names = "--fallback",
      paramLabel = "ARM",
      description = "Arm to use when no decision comes in time. Default: that is an error.")
  private String fallback = "";

  @Mixin private TuneConnection connection;
  @Mixin private Output output;

  @Override
  public void run() {
    Decision d;
    try (TuneClient client = connection.open()) {
      d = client.decide(query());
    } catch (TuneException e) {
      throw new CommandFailed(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    }
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("key", d.tuner());
    o.put("id", d.id());
    o.put("arm", d.arm());
    o.put("value", d.value());
    o.put("probability", d.probability());
    o.put("fallback", d.fallback());
    o.put("arms", d.arms());
    o.put("probabilities", d.probabilities());
    o.put("policy", d.policy());
    o.put("round", d.round());
    output.result(o);
    if (!output.json()) {
      output.say("%s", d.arm());
      output.note(
          d.fallback()
              ? "no decision came in time; report with: millrace tune report %s %s COST --fallback %s"
              : "report its cost with: millrace tune report %s %s COST",
          Output.word(d.tuner()),
          Output.word(d.id()),
          Output.word(d.arm()));
    }
  }

  private TuneQuery query() {
    TuneQuery plain =
        TuneQuery.of(key, context.stream().mapToDouble(Double::doubleValue).toArray())
            .id(id)
            .arms(arms)
            .armFeatures(armFeatures.stream().mapToDouble(Double::doubleValue).toArray());
    return plain.within(Duration.ofNanos((long) (timeoutSeconds * 1e9)), fallback);
  }
}
