package io.millrace.core.supervised;

import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.state.StateException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Options of a supervised learner as the configuration of a published model: the keys of the job's
 * YAML, classes as {@code model.classes.0}, {@code model.classes.1}, ...
 */
final class SupervisedConfig {
  private static final String LOSS = "model.loss";
  private static final String LOSS_PARAMETER = "model.loss-parameter";
  private static final String CLASSES = "model.classes.";
  private static final String KIND = "features.kind";
  private static final String DIMENSION = "features.dimension";
  private static final String HASH_BITS = "features.hash-bits";
  private static final String SCALING = "features.scaling";
  private static final String SEED = "seed";
  private static final String MAX_FEATURES = "limits.features-per-example";

  private SupervisedConfig() {}

  static void write(SupervisedOptions o, Architecture architecture, ModelWriter out) {
    writeModel(o, architecture, out::config);
    if (!Double.isNaN(o.model().initScale())) {
      out.config(Models.INIT_SCALE, Double.toString(o.model().initScale()));
    }
    out.config(MAX_FEATURES, Integer.toString(o.input().maxFeatures()));
    out.config("optimizer.name", o.optimizer());
    o.hyperparameters().forEach((n, v) -> out.config("optimizer." + n, Double.toString(v)));
    out.config("optimizer.schedule.kind", o.schedule());
    o.scheduleParameters()
        .forEach((n, v) -> out.config("optimizer.schedule." + n, Double.toString(v)));
    o.batchScaling().settings().forEach(out::config);
    out.config(SEED, Long.toString(o.seed()));
  }

  /** What a model's weights mean. */
  private static void writeModel(
      SupervisedOptions o, Architecture architecture, BiConsumer<String, String> out) {
    InputSpec input = o.input();
    LossSpec loss = Losses.spec(o.loss());
    out.accept(Models.KIND, architecture.kind());
    architecture.settings().forEach(out);
    out.accept(LOSS, loss.id());
    if (loss.parameter() != null) {
      double p = Double.isNaN(o.lossParameter()) ? loss.parameter().def() : o.lossParameter();
      out.accept(LOSS_PARAMETER, Double.toString(p));
    }
    for (int i = 0; i < input.classes().size(); i++) {
      out.accept(CLASSES + i, input.classes().get(i));
    }
    out.accept(KIND, lower(input.kind()));
    if (input.kind() == InputSpec.Kind.NAMED) {
      out.accept(HASH_BITS, Integer.toString(input.hashBits()));
    } else {
      out.accept(DIMENSION, Integer.toString(input.dimension()));
    }
    out.accept(SCALING, lower(o.scaling()));
  }

  /** What the numbers of a state mean: as those of a published model, and what it draws from. */
  static SortedMap<String, String> meaning(SupervisedOptions o, Architecture architecture) {
    SortedMap<String, String> meaning = new TreeMap<>();
    writeModel(o, architecture, meaning::put);
    meaning.put(SEED, Long.toString(o.seed()));
    return Collections.unmodifiableSortedMap(meaning);
  }

  /** Options that score as the published model does. */
  static SupervisedOptions read(Map<String, String> config) {
    LossSpec loss;
    try {
      loss = Losses.spec(text(config, LOSS));
      List<String> classes = new ArrayList<>();
      while (config.containsKey(CLASSES + classes.size())) {
        classes.add(config.get(CLASSES + classes.size()));
      }
      InputSpec.Kind kind = constant(config, KIND, InputSpec.Kind.values());
      boolean named = kind == InputSpec.Kind.NAMED;
      InputSpec input =
          new InputSpec(
              kind,
              named ? 0 : (int) number(config, DIMENSION),
              named ? (int) number(config, HASH_BITS) : 0,
              loss.target(),
              classes,
              (int) number(config, MAX_FEATURES));
      return SupervisedOptions.builder(input, loss.id())
          .lossParameter(loss.parameter() == null ? Double.NaN : number(config, LOSS_PARAMETER))
          .scaling(constant(config, SCALING, Scaling.values()))
          .model(model(config))
          .seed(0) // of no use to a reader
          .build();
    } catch (ConfigException e) {
      throw new StateException("configuration of the model cannot be used: " + e.getMessage(), e);
    }
  }

  private static ModelOptions model(Map<String, String> config) {
    List<Integer> hidden = new ArrayList<>();
    while (config.containsKey(Models.HIDDEN + "." + hidden.size())) {
      hidden.add((int) number(config, Models.HIDDEN + "." + hidden.size()));
    }
    return new ModelOptions(
        Models.spec(text(config, Models.KIND)).id(),
        hidden,
        config.getOrDefault(Models.ACTIVATION, ""),
        config.containsKey(Models.RANK) ? (int) number(config, Models.RANK) : 0,
        Double.NaN);
  }

  /**
   * Refuses a model whose weights mean something else. The parameter of a loss may differ: a warm
   * start with another delta or quantile is a sensible start.
   */
  static void requireSameModel(
      SupervisedOptions o, Architecture architecture, Map<String, String> config) {
    List<String> differences = new ArrayList<>();
    Set<String> more = new TreeSet<>(config.keySet());
    more.removeIf(n -> !n.startsWith(CLASSES) && !n.startsWith(Models.HIDDEN + "."));
    writeModel(
        o,
        architecture,
        (name, value) -> {
          String found = config.get(name);
          more.remove(name);
          if (!name.equals(LOSS_PARAMETER) && !value.equals(found)) {
            differences.add(name + " is " + found + " in the model, " + value + " here");
          }
        });
    more.forEach(n -> differences.add(n + " is " + config.get(n) + " in the model, absent here"));
    if (!differences.isEmpty()) {
      throw new StateException("the model does not fit: " + String.join("; ", differences));
    }
  }

  private static String text(Map<String, String> config, String name) {
    String v = config.get(name);
    if (v == null) {
      throw new StateException(
          "configuration of the model has no '" + name + "'; it has " + config.keySet());
    }
    return v;
  }

  private static double number(Map<String, String> config, String name) {
    String v = text(config, name);
    try {
      return Double.parseDouble(v);
    } catch (NumberFormatException e) {
      throw new StateException(name + " = " + v + " in the model; must be a number", e);
    }
  }

  private static <E extends Enum<E>> E constant(
      Map<String, String> config, String name, E[] values) {
    String v = text(config, name);
    for (E e : values) {
      if (lower(e).equals(v)) {
        return e;
      }
    }
    throw new StateException(
        name + " = " + v + " in the model; this build knows " + List.of(values));
  }

  private static String lower(Enum<?> e) {
    return e.name().toLowerCase(Locale.ROOT);
  }
}
