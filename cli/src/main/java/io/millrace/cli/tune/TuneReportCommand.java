package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.client.TuneClient;
import io.millrace.client.TuneException;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.TuneFeedback;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reports what a decision has cost. */
@Command(
    name = "report",
    description = "Reports what the arm of a decision has cost; lower is better.",
    footerHeading = "%nExample:%n",
    footer = "  millrace tune report sor 4a1c-17 103")
public final class TuneReportCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "KEY", description = "Tuner key.")
  private String key;

  @Parameters(index = "1", paramLabel = "ID", description = "Id of the request.")
  private String id;

  @Parameters(index = "2", paramLabel = "COST", description = "A number.")
  private double cost;

  @Option(
      names = "--fallback",
      paramLabel = "ARM",
      description = "The arm that was used because no decision came in time.")
  private String fallback = "";

  @Mixin private TuneConnection connection;
  @Mixin private Output output;

  @Override
  public void run() {
    if (!Double.isFinite(cost)) {
      throw new CommandFailed("COST = " + cost + "; must be a finite number");
    }
    FeedbackSource source = fallback.isEmpty() ? FeedbackSource.DECISION : FeedbackSource.FALLBACK;
    try (TuneClient client = connection.open()) {
      client.send(new TuneFeedback(key, id, Instant.EPOCH, cost, source, fallback));
    } catch (TuneException e) {
      throw new CommandFailed(e.getMessage(), e);
    }
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("key", key);
    o.put("id", id);
    o.put("cost", cost);
    o.put("source", source.name());
    output.result(o);
    if (!output.json()) {
      output.say("sent");
    }
  }
}
