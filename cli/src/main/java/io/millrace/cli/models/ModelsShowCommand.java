package io.millrace.cli.models;

import io.millrace.cli.console.Output;
import io.millrace.client.Model;
import io.millrace.client.export.TreeOutline;
import io.millrace.schemas.InputPosition;
import io.millrace.schemas.Provenance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Everything that is known of the newest version of one model. */
@Command(
    name = "show",
    description =
        "Shows the newest version of a model: configuration, counters, input, tensors, trees.",
    footerHeading = "%nExample:%n",
    footer = "  millrace models show nsw --tensors")
public final class ModelsShowCommand implements Runnable {
  private static final int SHOWN = 16;

  @Parameters(paramLabel = "KEY", description = "Model key.")
  private String key;

  @Option(names = "--tensors", description = "Print every element of every tensor.")
  private boolean tensors;

  @Option(
      names = "--depth",
      defaultValue = "5",
      paramLabel = "N",
      description = "How deep trees are shown. Default: ${DEFAULT-VALUE}.")
  private int depth;

  @Mixin private ModelTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    Model model = topic.model(key);
    Map<String, Object> o = ModelTopic.summary(model);
    Provenance p = model.snapshot().getProvenance();
    o.put("config", new TreeMap<>(model.config()));
    o.put("inputs", inputs(model));
    o.put("provenance", provenance(p));
    List<Map<String, Object>> all = new ArrayList<>();
    for (String name : model.tensors()) {
      Map<String, Object> t = new LinkedHashMap<>();
      t.put("name", name);
      t.put("shape", Arrays.stream(model.shape(name)).boxed().toList());
      model.rows(name).ifPresent(rows -> t.put("rowsHeld", rows.length));
      if (tensors) {
        t.put("values", Arrays.stream(model.tensor(name)).boxed().toList());
      }
      all.add(t);
    }
    o.put("tensors", all);
    List<TreeOutline> trees = TreeOutline.of(model);
    if (!trees.isEmpty()) {
      Map<String, Object> outlines = new LinkedHashMap<>();
      trees.forEach(t -> outlines.put(t.name(), t.json(depth)));
      o.put("trees", outlines);
    }
    output.result(o);
    if (!output.json()) {
      print(model, o);
    }
  }

  private static List<Map<String, Object>> inputs(Model model) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (InputPosition i : model.snapshot().getInputs()) {
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("topic", i.getTopic());
      o.put("partition", i.getPartition());
      o.put("offset", i.getOffset());
      all.add(o);
    }
    return all;
  }

  private static Map<String, Object> provenance(Provenance p) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("algorithm", p.getAlgorithm());
    o.put("stateVersion", p.getStateVersion());
    o.put("hyperparameters", new TreeMap<>(p.getHyperparameters()));
    o.put("controlEpoch", p.getControlEpoch());
    o.put("backend", p.getBackend());
    o.put("build", p.getBuild());
    o.put("seed", p.getSeed());
    o.put("parent", p.getParent());
    return o;
  }

  private void print(Model model, Map<String, Object> o) {
    o.forEach(
        (name, v) -> {
          if (name.equals("tensors")) {
            model.tensors().forEach(t -> printTensor(model, t));
          } else if (name.equals("trees")) {
            TreeOutline.of(model).forEach(this::printTree);
          } else if (v instanceof Map<?, ?> m) {
            output.say("%s:", name);
            m.forEach((k, x) -> output.say("  %-20s %s", k, x));
          } else if (v instanceof List<?> l) {
            output.say("%s:", name);
            l.forEach(x -> output.say("  %s", x));
          } else {
            output.say("%-22s %s", name + ":", v);
          }
        });
  }

  private void printTree(TreeOutline tree) {
    output.say("%s, %,d nodes:", tree.name(), tree.nodes());
    tree.lines(depth).forEach(line -> output.say("  %s", line));
  }

  private void printTensor(Model model, String name) {
    Optional<int[]> rows = model.rows(name);
    if (rows.isPresent() && !tensors) {
      output.say(
          "tensor %s %s: %,d rows held, the others 0: %s%s",
          name,
          Arrays.toString(model.shape(name)),
          rows.get().length,
          Arrays.toString(Arrays.copyOf(rows.get(), Math.min(SHOWN, rows.get().length))),
          rows.get().length > SHOWN ? " ..." : "");
      return;
    }
    double[] values = model.tensor(name);
    int n = tensors ? values.length : Math.min(SHOWN, values.length);
    output.say(
        "tensor %s %s: %s%s",
        name,
        Arrays.toString(model.shape(name)),
        Arrays.toString(Arrays.copyOf(values, n)),
        n < values.length ? " ... (--tensors prints all " + values.length + ")" : "");
  }
}
