package io.millrace.cli.tune;

import io.millrace.cli.console.Output;
import io.millrace.cli.models.ModelTopic;
import io.millrace.client.ModelStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Every tuner with its present best arm, one line each. */
@Command(
    name = "list",
    description = "Lists the tuners of a 'tune' job with their present best arm.",
    footerHeading = "%nExample:%n",
    footer = "  millrace tune list --bootstrap-servers localhost:9092")
public final class TuneListCommand implements Runnable {
  @Mixin private ModelTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    List<TunerView> tuners;
    try (ModelStore store = topic.read()) {
      tuners =
          store.keys().stream()
              .flatMap(k -> store.get(k).stream())
              .filter(TunerView::isTuner)
              .map(TunerView::new)
              .toList();
    }
    List<Map<String, Object>> all = new ArrayList<>();
    for (TunerView t : tuners) {
      Map<String, Object> o = ModelTopic.summary(t.model());
      o.put("best", t.best());
      all.add(o);
    }
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("topic", topic.name());
    o.put("tuners", all);
    output.result(o);
    if (!output.json()) {
      print(tuners);
    }
  }

  private void print(List<TunerView> tuners) {
    if (tuners.isEmpty()) {
      output.say(
          "no tuners in '%s' yet; one is published every snapshots.every-examples costs",
          topic.name());
      return;
    }
    String row = "%-30s %-18s %10s %10s %9s  %s";
    output.say(row, "KEY", "POLICY", "DECISIONS", "COSTS", "MEAN COST", "BEST ARM");
    for (TunerView t : tuners) {
      output.say(
          row,
          t.model().key(),
          t.policy(),
          t.counter("decisions"),
          t.counter("examples"),
          ModelTopic.number(t.model().metrics().get("loss")),
          t.best() == null ? "-" : t.best());
    }
  }
}
