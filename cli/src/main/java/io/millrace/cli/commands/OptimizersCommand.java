package io.millrace.cli.commands;

import io.millrace.cli.Output;
import io.millrace.core.optim.Catalog;
import io.millrace.core.optim.Hyper;
import io.millrace.core.optim.OptimizerSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lists the optimizers of the catalog with their sources, hyperparameters, defaults and ranges. */
@Command(
    name = "optimizers",
    description = "Lists the optimizers: source, hyperparameters, defaults and ranges.",
    footerHeading = "%nExample:%n",
    footer = "  millrace optimizers adam")
public final class OptimizersCommand implements Runnable {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Only this optimizer, as named in a job's YAML.")
  private String name;

  @Mixin private Output output;

  @Override
  public void run() {
    List<OptimizerSpec> specs =
        name == null ? Catalog.OPTIMIZERS : List.of(Catalog.optimizer(name));
    output.result(Map.of("optimizers", specs.stream().map(OptimizersCommand::object).toList()));
    if (!output.json()) {
      specs.forEach(this::print);
    }
  }

  private void print(OptimizerSpec spec) {
    output.say("%s", spec.id());
    output.say("  %s", spec.source().citation());
    output.say(
        "  %-16s default %-8s learning rate", "learning-rate", number(spec.defaultLearningRate()));
    for (Hyper h : spec.hypers()) {
      output.say("  %-16s default %-8s in %s: %s", h.name(), number(h.def()), h.range(), h.doc());
    }
    output.say("");
  }

  private static Map<String, Object> object(OptimizerSpec spec) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("name", spec.id());
    o.put("source", spec.source().citation());
    o.put("confidence", spec.source().confidence().name());
    o.put("stateVersion", spec.stateVersion());
    o.put("learningRate", spec.defaultLearningRate());
    o.put(
        "hyperparameters",
        spec.hypers().stream()
            .map(
                h ->
                    Map.of(
                        "name",
                        h.name(),
                        "default",
                        h.def(),
                        "range",
                        h.range().toString(),
                        "doc",
                        h.doc()))
            .toList());
    return o;
  }

  private static String number(double v) {
    return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
  }
}
