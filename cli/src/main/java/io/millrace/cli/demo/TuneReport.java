package io.millrace.cli.demo;

import io.millrace.cli.console.Output;
import io.millrace.cli.systems.CostTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * What the demo of the {@code tune} job saw.
 *
 * @param costs of every omega on every system
 * @param iterations of each system with the omega that was decided for
 * @param seconds from the start of the broker to the end of the comparison
 */
record TuneReport(DemoFlow flow, CostTable costs, int[] iterations, double seconds)
    implements DemoReport {
  /** File name of the plot. */
  static final String PLOT = "iterations.svg";

  private long tuned() {
    return IntStream.of(iterations).asLongStream().sum();
  }

  /** No event lost or doubled, and fewer iterations than without tuning. */
  @Override
  public boolean good() {
    return flow.complete() && tuned() < costs.fixed(0);
  }

  /**
   * Iterations so far after each system, as a multiple of what the best omega of each would have
   * taken: with omega 1, with the best fixed one, and as tuned.
   */
  CurvePlot plot() {
    int best = costs.bestFixed();
    return new CurvePlot("systems solved", "iterations so far / with the best omega of each system")
        .curve("omega = 1", multiples(i -> costs.cost(i, 0)))
        .curve(
            String.format(Locale.ROOT, "best fixed omega in hindsight, %.2f", costs.omega(best)),
            multiples(i -> costs.cost(i, best)))
        .curve("tuned", multiples(i -> iterations[i]));
  }

  private double[] multiples(IntUnaryOperator cost) {
    double[] multiples = new double[iterations.length];
    double sum = 0;
    double least = 0;
    for (int i = 0; i < multiples.length; i++) {
      sum += cost.applyAsInt(i);
      least += costs.least(i);
      multiples[i] = sum / least;
    }
    return multiples;
  }

  @Override
  public Map<String, Object> json() {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("systems", iterations.length);
    flow.counts(o);
    o.put("iterations", tuned());
    o.put("iterationsOmega1", costs.fixed(0));
    o.put("iterationsBestFixed", costs.fixed(costs.bestFixed()));
    o.put("bestFixedOmega", costs.omega(costs.bestFixed()));
    o.put("iterationsBestOfEach", costs.instanceOptimal());
    o.put("plot", flow.directory().resolve(PLOT).toString());
    flow.rest(o, seconds);
    return o;
  }

  @Override
  public void print(Output output) {
    flow.printCounts(output);
    String row = "iterations %,9d %s";
    output.say(row, tuned(), "tuned");
    output.say(row, costs.fixed(0), "with omega = 1");
    output.say(
        row,
        costs.fixed(costs.bestFixed()),
        String.format(
            Locale.ROOT,
            "with omega = %.2f, the best fixed one in hindsight",
            costs.omega(costs.bestFixed())));
    output.say(row, costs.instanceOptimal(), "with the best omega of each system, likewise");
    output.say("plot       %s", flow.directory().resolve(PLOT));
    flow.printRest(output, seconds);
  }

  @Override
  public String key() {
    return flow.newest().keySet().iterator().next();
  }

  @Override
  public List<String> next() {
    return List.of(
        "tune list",
        "tune show " + key(),
        "tune decide " + key() + " --context 0.25",
        "dead-letters list");
  }

  @Override
  public String bootstrapServers() {
    return flow.bootstrapServers();
  }

  @Override
  public String yaml() {
    return TuneDemo.YAML;
  }
}
