package io.millrace.cli.commands;

import io.millrace.cli.catalog.OptimizerCost;
import io.millrace.cli.catalog.OracleCalls;
import io.millrace.cli.console.Output;
import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.catalog.Parts;
import io.millrace.core.catalog.Schedules;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.PartSpec;
import io.millrace.core.optim.ScheduleSpec;
import io.millrace.core.spec.Hyper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Lists the optimizers of the catalog, the parts that can be put around them and the schedules,
 * with what they declare.
 */
@Command(
    name = "optimizers",
    description = {
      "Lists the optimizers, the parts around them and the schedules.",
      "Of each its source, how the rule was checked, memory per parameter, oracle calls per step,",
      "hyperparameters, defaults and ranges."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace optimizers adam",
      "  millrace optimizers clip-norm",
      "  millrace optimizers warm-restarts"
    })
public final class OptimizersCommand implements Runnable {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "Only this optimizer, part or schedule, as docs/catalog.md names them.")
  private String name;

  @Mixin private Output output;

  @Override
  public void run() {
    List<OptimizerSpec> optimizers = chosen(Optimizers.ALL, OptimizerSpec::id);
    List<PartSpec> parts = chosen(Parts.ALL, PartSpec::id);
    List<ScheduleSpec> schedules = chosen(Schedules.ALL, ScheduleSpec::id);
    if (optimizers.isEmpty() && parts.isEmpty() && schedules.isEmpty()) {
      List<String> known = new ArrayList<>(Optimizers.ALL.stream().map(OptimizerSpec::id).toList());
      Parts.ALL.forEach(p -> known.add(p.id()));
      Schedules.ALL.forEach(s -> known.add(s.id()));
      throw new ConfigException("no optimizer, part or schedule '" + name + "'; known: " + known);
    }
    SpecEntries entries = new SpecEntries(output);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("optimizers", optimizers.stream().map(s -> optimizer(s, entries)).toList());
    result.put(
        "parts",
        parts.stream().map(p -> entries.entry("part", p.id(), p.source(), p.hypers())).toList());
    result.put(
        "schedules",
        schedules.stream()
            .map(s -> entries.entry("schedule", s.id(), s.source(), s.hypers()))
            .toList());
    output.result(result);
  }

  private <T> List<T> chosen(List<T> all, Function<T, String> id) {
    return all.stream().filter(s -> name == null || name.equals(id.apply(s))).toList();
  }

  private static Map<String, Object> optimizer(OptimizerSpec spec, SpecEntries entries) {
    List<Hyper> hypers = new ArrayList<>(List.of(spec.learningRate()));
    hypers.addAll(spec.hypers());
    OptimizerCost cost = OptimizerCost.of(spec);
    Map<String, Object> o =
        entries.entry(
            "optimizer",
            spec.id(),
            spec.source(),
            hypers,
            "memory: " + cost.memory(),
            "oracle calls per step: " + cost.oracles());
    o.put("stateVersion", spec.stateVersion());
    o.put("learningRate", spec.defaultLearningRate());
    o.put(
        "memoryPerParameter",
        Map.of("vector", cost.vector().perParameter(), "matrix", cost.matrix().perParameter()));
    Map<String, Object> slots = new LinkedHashMap<>();
    slots.put("elementwise", cost.vector().elementwise());
    slots.put("others", cost.vector().blocks().keySet());
    o.put("slots", slots);
    Map<String, Object> calls = new LinkedHashMap<>();
    cost.calls().forEach((oracle, c) -> calls.put(oracle.name(), calls(c)));
    o.put("oracleCallsPerStep", calls);
    return o;
  }

  private static Map<String, Object> calls(OracleCalls c) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("mean", c.mean());
    o.put("least", c.least());
    o.put("most", c.most());
    return o;
  }
}
