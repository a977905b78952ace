package io.millrace.cli.commands;

import io.millrace.cli.console.Output;
import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Learners;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.ModelConfig;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.model.ModelSpec;
import io.millrace.core.model.Models;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists the learners: models under an optimizer, and those that follow no gradient. */
@Command(
    name = "learners",
    description = {
      "Lists the learners of 'learn' jobs: models under an optimizer, and those without a gradient.",
      "Of each its source, how the rule was checked, what labels are, hyperparameters, defaults and",
      "ranges."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  millrace learners", "  millrace learners naive-bayes"})
public final class LearnersCommand implements Runnable {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Only this learner.")
  private String name;

  @Mixin private Output output;

  @Override
  public void run() {
    List<ModelSpec> models = chosen(Models.ALL);
    List<LearnerSpec> learners = chosen(Learners.ALL);
    if (models.isEmpty() && learners.isEmpty()) {
      List<String> known = new ArrayList<>(Spec.ids(Models.ALL));
      known.addAll(Spec.ids(Learners.ALL));
      throw new ConfigException("no learner '" + name + "'; known: " + known);
    }
    List<Map<String, Object>> all = new ArrayList<>();
    SpecEntries entries = new SpecEntries(output);
    models.forEach(m -> all.add(model(m, entries)));
    learners.forEach(l -> all.add(learner(l, entries)));
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("learners", all);
    output.result(result);
  }

  private <S extends Spec> List<S> chosen(List<S> all) {
    return all.stream().filter(s -> name == null || name.equals(s.id())).toList();
  }

  private Map<String, Object> model(ModelSpec spec, SpecEntries entries) {
    Map<String, Object> o =
        entries.entry(
            "model under an optimizer",
            spec.id(),
            spec.source(),
            List.of(),
            spec.doc(),
            "optimizer unless another is named: " + spec.optimizer());
    o.put("optimizer", spec.optimizer());
    o.put("settings", spec.settings().stream().sorted().toList());
    return o;
  }

  private Map<String, Object> learner(LearnerSpec spec, SpecEntries entries) {
    List<String> labels = spec.targets().stream().map(LearnersCommand::labels).toList();
    List<String> lines =
        new ArrayList<>(List.of(spec.doc(), "labels: " + String.join(", ", labels)));
    for (Choice c : spec.choices()) {
      lines.add(c.name() + ", one of " + String.join(", ", c.values()) + ": " + c.doc());
    }
    Map<String, Object> o =
        entries.entry(
            "without a gradient",
            spec.id(),
            spec.source(),
            spec.hypers(),
            lines.toArray(String[]::new));
    o.put("stateVersion", spec.stateVersion());
    o.put("labels", labels);
    o.put("scales", spec.scales());
    Map<String, List<String>> words = new LinkedHashMap<>();
    spec.choices().forEach(c -> words.put(c.name(), c.values()));
    o.put("words", words);
    return o;
  }

  private static String labels(InputSpec.Target target) {
    return ModelConfig.word(target);
  }
}
