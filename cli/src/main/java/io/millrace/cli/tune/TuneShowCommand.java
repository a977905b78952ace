package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.cli.models.ModelTopic;
import io.millrace.client.Model;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Everything that is known of one tuner. */
@Command(
    name = "show",
    description = {
      "Shows a tuner: its arms with pulls, mean cost and probability, and its settings.",
      "The last column estimates what each arm would have cost at every request, with bounds that"
          + " hold whenever one looks."
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace tune show sor")
public final class TuneShowCommand implements Runnable {
  @Parameters(paramLabel = "KEY", description = "Tuner key.")
  private String key;

  @Mixin private ModelTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    Model model = topic.model(key);
    if (!TunerView.isTuner(model)) {
      throw new CommandFailed(
          "'" + key + "' is a model of a '" + model.job() + "' job; see millrace models show");
    }
    TunerView tuner = new TunerView(model);
    Map<String, Object> o = ModelTopic.summary(model);
    o.put("best", tuner.best());
    o.put("arms", tuner.arms().stream().map(TunerView::json).toList());
    o.put("hyperparameters", new TreeMap<>(model.snapshot().getProvenance().getHyperparameters()));
    o.put("controlEpoch", model.snapshot().getProvenance().getControlEpoch());
    output.result(o);
    if (!output.json()) {
      print(tuner, o);
    }
  }

  private void print(TunerView tuner, Map<String, Object> o) {
    output.say(
        "tuner '%s', policy %s, version %d of incarnation %d",
        key, tuner.policy(), tuner.model().version(), tuner.model().incarnation());
    output.say(
        "decisions %d, costs learned %d, pending %d, without feedback %d, not as decided %d",
        tuner.counter("decisions"),
        tuner.counter("examples"),
        tuner.counter("pending"),
        tuner.counter("censored"),
        tuner.counter("foreign"));
    output.say("settings %s", o.get("hyperparameters"));
    String row = "%-24s %12s %10s %12s %12s %24s  %s";
    output.say(row, "ARM", "VALUE", "PULLS", "MEAN COST", "PROBABILITY", "COST IF ALWAYS", "");
    for (TunerView.Arm a : tuner.arms()) {
      output.say(
          row,
          a.name(),
          number("%.6g", a.value()),
          number("%.0f", a.pulls()),
          number("%.6g", a.meanCost()),
          number("%.6f", a.probability()),
          number("%.4g", a.alone())
              + (Double.isNaN(a.width()) ? "" : " +- " + number("%.3g", a.width())),
          !a.eligible() ? "removed" : a.name().equals(tuner.best()) ? "best" : "");
    }
  }

  private static String number(String format, double v) {
    return Double.isNaN(v) ? "-" : String.format(Locale.ROOT, format, v);
  }
}
