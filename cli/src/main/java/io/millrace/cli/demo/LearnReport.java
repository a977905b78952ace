package io.millrace.cli.demo;

import io.millrace.cli.console.Count;
import io.millrace.cli.console.Output;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the demo of the {@code learn} job saw.
 *
 * @param rows taken of the stream: sent ones and held-back ones
 * @param loss progressive, mean over all events
 * @param accuracy progressive
 * @param holdOut rows held back
 * @param holdOutLoss mean logistic loss of the newest models on them
 * @param seconds from the start of the broker to the last score
 */
record LearnReport(
    DemoFlow flow,
    int rows,
    double loss,
    double accuracy,
    int holdOut,
    double holdOutLoss,
    double holdOutAccuracy,
    double seconds)
    implements DemoReport {
  @Override
  public boolean good() {
    return flow.complete();
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("rows", rows);
    flow.counts(o);
    o.put("progressiveLoss", loss);
    o.put("progressiveAccuracy", accuracy);
    o.put("holdOutRows", holdOut);
    o.put("holdOutLoss", holdOutLoss);
    o.put("holdOutAccuracy", holdOutAccuracy);
    flow.rest(o, seconds);
    return o;
  }

  @Override
  public void print(Output output) {
    flow.printCounts(output);
    output.say("progressive  loss %.4f, accuracy %.4f", loss, accuracy);
    output.say(
        "held back    loss %.4f, accuracy %.4f on %s",
        holdOutLoss, holdOutAccuracy, Count.of(holdOut, "row"));
    output.say(
        "             the last tenth of the stream, scored by models that do not learn from it any"
            + " more");
    output.say(
        "             while the market goes on changing; progressive is always one row ahead of"
            + " learning");
    flow.printRest(output, seconds);
  }

  @Override
  public String key() {
    return flow.newest().keySet().iterator().next();
  }

  @Override
  public String bootstrapServers() {
    return flow.bootstrapServers();
  }

  @Override
  public String yaml() {
    return LearnDemo.YAML;
  }
}
