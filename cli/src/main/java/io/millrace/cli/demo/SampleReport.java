package io.millrace.cli.demo;

import io.millrace.cli.console.Output;
import io.millrace.client.Model;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.posterior.PosteriorForm;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the demo of the {@code sample} job saw.
 *
 * @param centres of the clients
 * @param rows of all of them
 * @param with the posterior that was drawn from with surrogates
 * @param without the one without
 * @param seconds from the start of the broker to the last draw
 */
record SampleReport(
    double[][] centres,
    List<double[]> rows,
    Model with,
    Model without,
    String bootstrapServers,
    String webInterface,
    Path directory,
    double seconds)
    implements DemoReport {
  /** File name of the plot. */
  static final String PLOT = "draws.svg";

  /** How much closer to the posterior draws must be with surrogates than without. */
  private static final double CLOSER = 20;

  /** The posterior itself. */
  private GaussianLaw truth() {
    double precision = SampleDemo.PRECISION + rows.size() / SampleDemo.DISPERSION;
    double[] mean = new double[2];
    for (double[] row : rows) {
      for (int j = 0; j < 2; j++) {
        mean[j] += row[j] / SampleDemo.DISPERSION / precision;
      }
    }
    return new GaussianLaw(mean, new double[] {1 / precision, 0, 0, 1 / precision});
  }

  private static GaussianLaw law(Model m) {
    return new GaussianLaw(m.tensor(PosteriorForm.MEAN), m.tensor(PosteriorForm.COVARIANCE));
  }

  private double distance(Model m) {
    return law(m).wasserstein(truth(), ScalarBackend.INSTANCE.kernels());
  }

  @Override
  public boolean good() {
    return distance(with) * CLOSER < distance(without);
  }

  /** Draws of both beside the posterior, each at its own scale. */
  ScatterPlot plot() {
    GaussianLaw truth = truth();
    double sd = truth.deviation(0);
    double widest = 0;
    double[] draws = without.tensor(PosteriorForm.DRAWS);
    for (int i = 0; i < draws.length; i++) {
      widest = Math.max(widest, Math.abs(draws[i] - truth.mean()[i % 2]));
    }
    for (double[] centre : centres) {
      for (int j = 0; j < 2; j++) {
        widest = Math.max(widest, Math.abs(centre[j] - truth.mean()[j]));
      }
    }
    return new ScatterPlot()
        .panel(
            "with surrogates (FSGLD)",
            truth.mean(),
            sd,
            5 * sd,
            with.tensor(PosteriorForm.DRAWS),
            new double[0][])
        .panel("without (DSGLD)", truth.mean(), sd, 1.1 * widest, draws, centres);
  }

  private Map<String, Object> json(Model m) {
    Map<String, Object> o = new LinkedHashMap<>();
    GaussianLaw law = law(m);
    o.put("draws", m.counters().get("draws"));
    o.put("visits", m.counters().get("visits"));
    o.put("mean", List.of(law.mean()[0], law.mean()[1]));
    o.put("sd", List.of(law.deviation(0), law.deviation(1)));
    o.put("distance", distance(m));
    o.put("rhat", m.metrics().get("rhat"));
    o.put("ess", m.metrics().get("ess"));
    o.put("reliable", m.config().get(PosteriorForm.RELIABLE).equals("1"));
    return o;
  }

  @Override
  public Map<String, Object> json() {
    GaussianLaw truth = truth();
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("clients", centres.length);
    o.put("rows", rows.size());
    o.put("posteriorMean", List.of(truth.mean()[0], truth.mean()[1]));
    o.put("posteriorSd", truth.deviation(0));
    o.put("withSurrogates", json(with));
    o.put("withoutSurrogates", json(without));
    o.put("plot", directory.resolve(PLOT).toString());
    o.put("seconds", seconds);
    o.put("bootstrapServers", bootstrapServers);
    o.put("webInterface", webInterface);
    return o;
  }

  @Override
  public void print(Output output) {
    GaussianLaw truth = truth();
    output.say("");
    String row = "%-26s %10s %10s %10s %14s %8s %8s";
    output.say(row, "", "MEAN", "", "SD", "DISTANCE (W2)", "R-HAT", "ESS");
    output.say(
        row,
        "the posterior",
        number("%.4f", truth.mean()[0]),
        number("%.4f", truth.mean()[1]),
        number("%.4f", truth.deviation(0)),
        "",
        "",
        "");
    print(output, row, "with surrogates (FSGLD)", with);
    print(output, row, "without (DSGLD)", without);
    output.say("plot       %s", directory.resolve(PLOT));
    output.say("everything %.1f s, in %s", seconds, directory);
  }

  private void print(Output output, String row, String name, Model m) {
    GaussianLaw law = law(m);
    output.say(
        row,
        name,
        number("%.4f", law.mean()[0]),
        number("%.4f", law.mean()[1]),
        number("%.4f", law.deviation(0)),
        number("%.5f", distance(m)),
        number("%.3f", m.metrics().get("rhat")),
        number("%.0f", m.metrics().get("ess")));
  }

  private static String number(String format, Double v) {
    return v == null ? "-" : String.format(Locale.ROOT, format, v);
  }

  @Override
  public String key() {
    return SampleDemo.POSTERIOR;
  }

  @Override
  public List<String> next() {
    return List.of(
        "sample show",
        "sample clients",
        "sample chains",
        "models show " + key(),
        "dead-letters list");
  }

  @Override
  public String yaml() {
    return SampleDemo.YAML;
  }
}
