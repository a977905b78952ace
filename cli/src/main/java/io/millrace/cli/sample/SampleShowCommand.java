package io.millrace.cli.sample;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.cli.models.ModelTopic;
import io.millrace.client.Model;
import io.millrace.core.sample.posterior.PosteriorForm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Everything that is known of one posterior. */
@Command(
    name = "show",
    description = {
      "Shows a posterior: mean, standard deviation, R-hat and effective sample size of its"
          + " parameters, who is in it, whether its steps are small enough, and whether it may be"
          + " relied on."
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace sample show posterior")
public final class SampleShowCommand implements Runnable {
  /** Parameters that people are shown; JSON has all. */
  private static final int SHOWN = 50;

  @Parameters(
      paramLabel = "KEY",
      arity = "0..1",
      defaultValue = "posterior",
      description = "Key of the posterior. Default: ${DEFAULT-VALUE}.")
  private String key;

  @Mixin private ModelTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    Model model = topic.model(key);
    if (!model.config().containsKey(PosteriorForm.RELIABLE)) {
      throw new CommandFailed(
          "'" + key + "' is a model of a '" + model.job() + "' job; see millrace models show");
    }
    List<Map<String, Object>> parameters = PosteriorView.parameters(model);
    List<Map<String, Object>> clients = clients(model);
    Map<String, Object> o = ModelTopic.summary(model);
    o.put("reliable", model.config().get(PosteriorForm.RELIABLE).equals("1"));
    o.put("reason", model.config().getOrDefault(PosteriorForm.REASON, ""));
    o.put("parameters", parameters);
    o.put("clients", clients);
    output.result(o);
    if (!output.json()) {
      print(model, o, parameters, clients);
    }
  }

  private static List<Map<String, Object>> clients(Model model) {
    double[] visits = model.tensor(PosteriorForm.VISITS);
    double[] imputed = model.tensor(PosteriorForm.IMPUTED);
    List<Map<String, Object>> all = new ArrayList<>();
    for (int s = 0; s < visits.length; s++) {
      Map<String, Object> c = new LinkedHashMap<>();
      c.put("client", model.config().get(PosteriorForm.CLIENTS + "." + s));
      c.put("visits", (long) visits[s]);
      c.put("imputed", imputed[s] == 1);
      all.add(c);
    }
    return all;
  }

  private void print(
      Model model,
      Map<String, Object> o,
      List<Map<String, Object>> parameters,
      List<Map<String, Object>> clients) {
    output.say(
        "posterior '%s', version %d of incarnation %d, epoch %d, %d draws of %d chains",
        key,
        model.version(),
        model.incarnation(),
        model.counters().getOrDefault("epoch", 0L),
        model.counters().getOrDefault("draws", 0L),
        model.counters().getOrDefault("chains", 0L));
    output.say(
        "%s", (boolean) o.get("reliable") ? "reliable" : "not to be relied on: " + o.get("reason"));
    output.say(
        "noise ratio %s, step curvature %s, anchored in %d rounds",
        number("%.3g", model.metrics().getOrDefault(PosteriorForm.NOISE_RATIO, Double.NaN)),
        number("%.3g", model.metrics().getOrDefault(PosteriorForm.STEP_CURVATURE, Double.NaN)),
        model.counters().getOrDefault(PosteriorForm.ANCHOR_ROUNDS, 0L));
    String row = "%-10s %14s %14s %14s %8s %10s";
    output.say(row, "PARAMETER", "MEAN", "SD", "SD BY LAPLACE", "R-HAT", "ESS");
    for (int i = 0; i < Math.min(SHOWN, parameters.size()); i++) {
      Map<String, Object> p = parameters.get(i);
      output.say(
          row,
          i,
          number("%.6g", p.get("mean")),
          number("%.4g", p.get("sd")),
          number("%.4g", p.get("laplaceSd")),
          number("%.4f", p.get("rhat")),
          number("%.0f", p.get("ess")));
    }
    if (parameters.size() > SHOWN) {
      output.say("and %d more; --json has all", parameters.size() - SHOWN);
    }
    for (Map<String, Object> c : clients) {
      output.say(
          "client %s: %d visits%s",
          c.get("client"),
          c.get("visits"),
          (boolean) c.get("imputed") ? "; it is missing, its surrogate stands for it" : "");
    }
  }

  private static String number(String format, Object v) {
    double x = (double) v;
    return Double.isFinite(x) ? String.format(Locale.ROOT, format, x) : "-";
  }
}
