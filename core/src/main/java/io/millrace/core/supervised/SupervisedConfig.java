package io.millrace.core.supervised;

import io.millrace.core.ConfigException;
import io.millrace.core.learn.ModelConfig;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.StateException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
  private static final String SCALING = "features.scaling";
  private static final String SEED = "seed";

  private SupervisedConfig() {}

  static void write(SupervisedOptions o, Architecture architecture, ModelWriter out) {
    describe(o, architecture, out);
    if (!Double.isNaN(o.model().initScale())) {
      out.config(Models.INIT_SCALE, Double.toString(o.model().initScale()));
    }
    out.config("optimizer.name", o.optimizer());
    o.hyperparameters().forEach((n, v) -> out.config("optimizer." + n, Double.toString(v)));
    out.config("optimizer.schedule.kind", o.schedule());
    o.scheduleParameters()
        .forEach((n, v) -> out.config("optimizer.schedule." + n, Double.toString(v)));
    o.batchScaling().settings().forEach(out::config);
    out.config(SEED, Long.toString(o.seed()));
  }

  /** What scoring with a model takes beside its tensors. */
  static void describe(SupervisedOptions o, Architecture architecture, ModelWriter out) {
    writeModel(o, architecture, out::config);
    ModelConfig.writeLimit(o.input(), out::config);
  }

  /** What a model's weights mean. */
  private static void writeModel(
      SupervisedOptions o, Architecture architecture, BiConsumer<String, String> out) {
    LossSpec loss = Losses.spec(o.loss());
    out.accept(Models.KIND, architecture.kind());
    architecture.settings().forEach(out);
    out.accept(LOSS, loss.id());
    if (loss.parameter() != null) {
      double p = Double.isNaN(o.lossParameter()) ? loss.parameter().def() : o.lossParameter();
      out.accept(LOSS_PARAMETER, Double.toString(p));
    }
    ModelConfig.writeInput(o.input(), out);
    out.accept(SCALING, ModelConfig.word(o.scaling()));
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
    ModelConfig read = new ModelConfig(config);
    try {
      LossSpec loss = Losses.spec(read.text(LOSS));
      return SupervisedOptions.builder(read.input(loss.target()), loss.id())
          .lossParameter(loss.parameter() == null ? Double.NaN : read.number(LOSS_PARAMETER))
          .scaling(read.constant(SCALING, Scaling.values()))
          .model(model(read))
          .seed(0) // of no use to a reader
          .build();
    } catch (ConfigException e) {
      throw new StateException("configuration of the model cannot be used: " + e.getMessage(), e);
    }
  }

  private static ModelOptions model(ModelConfig read) {
    List<Integer> hidden = new ArrayList<>();
    for (int l = 0; read.has(Models.HIDDEN + "." + l); l++) {
      hidden.add((int) read.number(Models.HIDDEN + "." + l));
    }
    return new ModelOptions(
        Models.spec(read.text(Models.KIND)).id(),
        hidden,
        read.has(Models.ACTIVATION) ? read.text(Models.ACTIVATION) : "",
        read.has(Models.RANK) ? (int) read.number(Models.RANK) : 0,
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
}
