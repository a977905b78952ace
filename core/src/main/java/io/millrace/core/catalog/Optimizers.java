package io.millrace.core.catalog;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Part;
import io.millrace.core.optim.PartSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes optimizers from a configuration: the rule named, with the parts named around it. */
public final class Optimizers {
  /**
   * An optimizer with its surrounding parts, as configured.
   *
   * @param learningRate before the schedule
   * @param values everything in force, the learning rate first
   */
  public record Configured(
      OptimizerSpec spec, Optimizer optimizer, double learningRate, Map<String, Double> values) {}

  private Optimizers() {}

  /** What may be set for an optimizer: its learning rate, its own, and those of every part. */
  public static List<Hyper> hypers(OptimizerSpec spec) {
    List<Hyper> all = new ArrayList<>();
    all.add(spec.learningRate());
    all.addAll(spec.hypers());
    Catalog.PARTS.forEach(p -> all.addAll(p.hypers()));
    return all;
  }

  /**
   * Builds an optimizer from one flat set of values; a part is put around it when one of the part's
   * hyperparameters is named.
   *
   * @param id of {@link Catalog}
   * @param given names of {@link #hypers}
   * @throws ConfigException listing every fault
   */
  public static Configured configure(String id, Map<String, Double> given) {
    OptimizerSpec spec = Catalog.optimizer(id);
    HyperValues all = HyperValues.of(id, hypers(spec), given);
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(OptimizerSpec.LEARNING_RATE, all.get(spec.learningRate()));
    spec.hypers().forEach(h -> values.put(h.name(), all.get(h)));
    List<Part> parts = new ArrayList<>();
    for (PartSpec part : Catalog.PARTS) {
      if (part.hypers().stream().anyMatch(h -> given.containsKey(h.name()))) {
        part.hypers().forEach(h -> values.put(h.name(), all.get(h)));
        parts.add(part.make().apply(all));
      }
    }
    Optimizer optimizer = spec.make().apply(all);
    return new Configured(
        spec,
        parts.isEmpty() ? optimizer : new Chain(optimizer, parts),
        all.get(spec.learningRate()),
        java.util.Collections.unmodifiableMap(values));
  }
}
