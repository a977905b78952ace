package io.millrace.cli.models;

import io.millrace.cli.console.Output;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The newest version of every model, one line each. */
@Command(
    name = "list",
    description = "Lists the newest version of every model.",
    footerHeading = "%nExample:%n",
    footer = "  millrace models list --bootstrap-servers localhost:9092 --json")
public final class ModelsListCommand implements Runnable {
  @Mixin private ModelTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    try (ModelStore store = topic.read()) {
      List<Model> models = store.keys().stream().flatMap(k -> store.get(k).stream()).toList();
      List<Map<String, Object>> all = new ArrayList<>();
      models.forEach(m -> all.add(ModelTopic.summary(m)));
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("topic", topic.name());
      o.put("models", all);
      o.put("corruptRecords", store.status().counts().corrupt());
      o.put("incomplete", store.status().counts().incomplete());
      output.result(o);
      if (!output.json()) {
        print(models);
      }
    }
  }

  private void print(List<Model> models) {
    if (models.isEmpty()) {
      output.say("no models in '%s' yet", topic.name());
      return;
    }
    String row = "%-30s %9s %12s %9s %9s  %s";
    output.say(row, "KEY", "VERSION", "EXAMPLES", "LOSS", "ACCURACY", "EVENT TIME");
    for (Model m : models) {
      output.say(
          row,
          m.key(),
          m.version(),
          m.counters().getOrDefault("examples", 0L),
          ModelTopic.number(m.metrics().get("loss")),
          ModelTopic.number(m.metrics().get("accuracy")),
          m.eventTime());
    }
  }
}
