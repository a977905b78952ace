package io.millrace.core.dictionary.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.ModelConfig;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.spec.Choice;
import io.millrace.core.state.StateException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** The settings of a dictionary learner as a published model carries them: the job's YAML. */
final class DictionaryConfig {
  private static final String KIND = "features.kind";
  private static final String DIMENSION = "features.dimension";
  private static final String METHOD = "dictionary.method";
  private static final String ATOMS = "dictionary.atoms";
  private static final String CODER = "dictionary.coder";
  private static final String SCALING = "dictionary.scaling";

  /** Before the names of words and of numbers of method and coder. */
  private static final String VALUE = "dictionary.";

  private static final Set<String> OWN = Set.of(METHOD, ATOMS, CODER, SCALING);

  private DictionaryConfig() {}

  static void write(DictionaryOptions o, ModelWriter out) {
    writeForm(o, out::config);
    o.hyperparameters().forEach((name, v) -> out.config(VALUE + name, Double.toString(v)));
  }

  /** What the numbers of a state mean, and what it draws from. */
  static SortedMap<String, String> meaning(DictionaryOptions o) {
    SortedMap<String, String> meaning = new TreeMap<>();
    writeForm(o, meaning::put);
    meaning.put("seed", Long.toString(o.seed()));
    return Collections.unmodifiableSortedMap(meaning);
  }

  private static void writeForm(DictionaryOptions o, BiConsumer<String, String> out) {
    out.accept(KIND, o.input().kind().name().toLowerCase(Locale.ROOT));
    out.accept(DIMENSION, Integer.toString(o.input().width()));
    out.accept(METHOD, o.method());
    out.accept(ATOMS, Integer.toString(o.atoms()));
    out.accept(CODER, o.coder());
    out.accept(SCALING, o.scaling().word());
    o.choices().forEach((name, word) -> out.accept(VALUE + name, word));
  }

  /**
   * Options that code as the published model does.
   *
   * @throws StateException naming what is missing or not understood
   */
  static DictionaryOptions read(Map<String, String> config) {
    ModelConfig read = new ModelConfig(config);
    Map<String, String> choices = new TreeMap<>();
    Map<String, Double> hypers = new TreeMap<>();
    String method = read.text(METHOD);
    Set<String> words = words(method);
    config.forEach(
        (key, v) -> {
          if (key.startsWith(VALUE) && !OWN.contains(key)) {
            String name = key.substring(VALUE.length());
            if (words.contains(name)) {
              choices.put(name, v);
            } else {
              hypers.put(name, read.number(key));
            }
          }
        });
    try {
      InputSpec input =
          DictionaryOptions.signals(
              read.constant(KIND, InputSpec.Kind.values()), (int) read.number(DIMENSION));
      return DictionaryOptions.builder(input, (int) read.number(ATOMS))
          .method(method, choices)
          .coder(read.text(CODER))
          .scaling(read.constant(SCALING, SignalScaling.values()))
          .hyperparameters(hypers)
          .seed(0) // of no use to a reader
          .build();
    } catch (ConfigException e) {
      throw new StateException("configuration of the model cannot be used: " + e.getMessage(), e);
    }
  }

  private static Set<String> words(String method) {
    try {
      return Methods.spec(method).choices().stream().map(Choice::name).collect(Collectors.toSet());
    } catch (ConfigException e) {
      throw new StateException("configuration of the model cannot be used: " + e.getMessage(), e);
    }
  }

  /** Refuses a model whose atoms mean something else; the way they were learned may differ. */
  static void requireSameSignals(DictionaryOptions o, Map<String, String> config) {
    DictionaryOptions found = read(config);
    List<String> differences = new ArrayList<>();
    if (found.input().width() != o.input().width()) {
      differences.add(
          DIMENSION + " is " + found.input().width() + " in the model, " + o.input().width());
    }
    if (found.atoms() != o.atoms()) {
      differences.add(ATOMS + " is " + found.atoms() + " in the model, " + o.atoms());
    }
    if (found.scaling() != o.scaling()) {
      differences.add(
          SCALING + " is " + found.scaling().word() + " in the model, " + o.scaling().word());
    }
    if (!differences.isEmpty()) {
      throw new StateException(
          "the model does not fit: " + String.join(" here; ", differences) + " here");
    }
  }
}
