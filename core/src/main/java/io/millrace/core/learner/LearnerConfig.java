package io.millrace.core.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.ModelConfig;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.model.Models;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
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
import java.util.stream.Collectors;

/**
 * The settings of a learner as a published model carries them, by the keys of the job's YAML. The
 * loss stands there only where labels are not what they are unless something else is asked for.
 */
final class LearnerConfig {
  private static final String LOSS = "model.loss";
  private static final String CLASSES = "model.classes";
  private static final String SCALING = "features.scaling";
  private static final String NOMINAL = "features.nominal";
  private static final String NAMES = "features.names";
  private static final String SEED = "seed";

  private LearnerConfig() {}

  static void write(LearnerForm form, ModelWriter out) {
    writeMeaning(form, out::config);
    ModelConfig.writeLimit(form.input(), out::config);
    ModelConfig.writeList(NAMES, form.setup().names(), out::config);
    changeable(form)
        .forEach(
            h ->
                form.values()
                    .named(h)
                    .forEach((n, v) -> out.config(setting(n), Double.toString(v))));
    out.config(SEED, Long.toString(form.seed()));
  }

  private static String setting(String name) {
    return LearnerForm.SECTION + "." + name;
  }

  private static List<Hyper> changeable(LearnerForm form) {
    return form.spec().hypers().stream().filter(h -> !h.structural()).toList();
  }

  /** What the numbers of a state mean. */
  static SortedMap<String, String> meaning(LearnerForm form) {
    SortedMap<String, String> meaning = new TreeMap<>();
    writeMeaning(form, meaning::put);
    if (form.spec().draws()) {
      meaning.put(SEED, Long.toString(form.seed()));
    }
    return Collections.unmodifiableSortedMap(meaning);
  }

  /** What the numbers of a model mean. */
  private static void writeMeaning(LearnerForm form, BiConsumer<String, String> out) {
    LearnerSpec spec = form.spec();
    out.accept(Models.KIND, spec.id());
    if (form.input().target() != spec.targets().get(0)) {
      out.accept(LOSS, EventLearner.loss(form.input()).id());
    }
    ModelConfig.writeInput(form.input(), out);
    if (spec.scales()) {
      out.accept(SCALING, ModelConfig.word(form.setup().scaling()));
    }
    form.setup().nominal().forEach((j, n) -> out.accept(NOMINAL + "." + j, Integer.toString(n)));
    form.words().forEach((name, word) -> out.accept(setting(name), word));
    for (Hyper h : spec.hypers()) {
      if (h.structural()) {
        form.values().named(h).forEach((n, v) -> out.accept(setting(n), Double.toString(v)));
      }
    }
  }

  /**
   * A setup that scores as the published model does.
   *
   * @throws StateException naming what is missing or not understood
   */
  static LearnerSetup read(LearnerSpec spec, Map<String, String> config) {
    ModelConfig read = new ModelConfig(config);
    try {
      InputSpec.Target target = spec.targets().get(0);
      if (read.has(LOSS)) {
        LossSpec loss = Losses.spec(read.text(LOSS));
        target = loss.target();
      }
      return LearnerSetup.of(spec.id(), read.input(target))
          .withWords(given(read, spec.choices().stream().map(Choice::name).toList()))
          .withHyperparameters(numbers(read, spec))
          .withScaling(spec.scales() ? read.constant(SCALING, Scaling.values()) : Scaling.NONE)
          .withFeatures(nominal(read), read.list(NAMES))
          .withLargest(Double.MAX_VALUE)
          .withSeed(0); // of no use to a reader
    } catch (ConfigException e) {
      throw unusable(e);
    }
  }

  /** What a model is refused with. */
  static StateException unusable(ConfigException why) {
    return new StateException(
        "configuration of the model cannot be used: " + why.getMessage(), why);
  }

  private static Map<String, String> given(ModelConfig read, List<String> names) {
    return names.stream()
        .filter(n -> read.has(setting(n)))
        .collect(Collectors.toMap(n -> n, n -> read.text(setting(n))));
  }

  private static Map<String, Double> numbers(ModelConfig read, LearnerSpec spec) {
    Map<String, Double> numbers = new TreeMap<>();
    for (Hyper h : spec.hypers()) {
      for (int k = 1; read.has(setting(h.element(k))); k++) {
        numbers.put(h.element(k), read.number(setting(h.element(k))));
        if (!h.list()) {
          break;
        }
      }
    }
    return numbers;
  }

  private static Map<Integer, Integer> nominal(ModelConfig read) {
    Map<Integer, Integer> nominal = new TreeMap<>();
    read.section(NOMINAL)
        .forEach(
            (feature, count) -> {
              try {
                nominal.put(Integer.valueOf(feature), Integer.valueOf(count));
              } catch (NumberFormatException e) {
                throw new StateException(
                    NOMINAL
                        + "."
                        + feature
                        + " = "
                        + count
                        + " in the model; must be whole numbers",
                    e);
              }
            });
    return nominal;
  }

  /** Refuses a model whose numbers mean something else. */
  static void requireSame(LearnerForm form, Map<String, String> config) {
    List<String> differences = new ArrayList<>();
    Set<String> more = new TreeSet<>(config.keySet());
    more.removeIf(n -> !n.startsWith(CLASSES + ".") && !n.startsWith(NOMINAL + "."));
    writeMeaning(
        form,
        (name, value) -> {
          String found = config.get(name);
          more.remove(name);
          if (!value.equals(found)) {
            differences.add(name + " is " + found + " in the model, " + value + " here");
          }
        });
    more.forEach(n -> differences.add(n + " is " + config.get(n) + " in the model, absent here"));
    if (!differences.isEmpty()) {
      throw new StateException("the model does not fit: " + String.join("; ", differences));
    }
  }
}
