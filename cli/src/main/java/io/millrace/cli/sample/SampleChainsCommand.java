package io.millrace.cli.sample;

import io.millrace.cli.console.Output;
import io.millrace.schemas.ChainStatus;
import io.millrace.schemas.FederationStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Every chain of a posterior, one line each. */
@Command(
    name = "chains",
    description = {
      "Lists the chains of a 'sample' job: where each is, and what it has drawn in this epoch.",
      "As of the newest status that the job has written, which a checkpoint makes visible."
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace sample chains --bootstrap-servers localhost:9092")
public final class SampleChainsCommand implements Runnable {
  @Mixin private StatusTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    FederationStatus s = topic.newest();
    Map<String, Object> o = StatusTopic.head(s);
    o.put("rhat", s.getRhat());
    o.put("ess", s.getEss());
    List<Map<String, Object>> all = new ArrayList<>();
    for (ChainStatus c : s.getChains()) {
      Map<String, Object> chain = new LinkedHashMap<>();
      chain.put("chain", c.getChain());
      chain.put("round", c.getRound());
      chain.put("client", c.getClient());
      chain.put("attempt", c.getAttempt());
      chain.put("since", c.getSince().toEpochMilli());
      chain.put("step", c.getStep());
      chain.put("stepSize", c.getStepSize());
      chain.put("diverged", c.getDiverged());
      chain.put("draws", c.getDraws());
      all.add(chain);
    }
    o.put("chains", all);
    output.result(o);
    if (!output.json()) {
      print(s);
    }
  }

  private void print(FederationStatus s) {
    output.say("%s", StatusTopic.line(s));
    String row = "%-12s %10s %12s %10s %10s %8s  %-20s %7s  %s";
    output.say(
        row, "CHAIN", "ROUND", "STEP", "STEP SIZE", "DRAWS", "DIVERGED", "AT", "RESENT", "SINCE");
    for (ChainStatus c : s.getChains()) {
      output.say(
          row,
          c.getChain(),
          c.getRound(),
          c.getStep(),
          StatusTopic.number("%.3g", c.getStepSize()),
          c.getDraws(),
          c.getDiverged(),
          c.getClient().isEmpty() ? "nobody" : c.getClient(),
          c.getAttempt(),
          StatusTopic.time(c.getSince()));
    }
  }
}
