package io.millrace.core.learn;

import io.millrace.core.features.InputSpec;
import io.millrace.core.state.StateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The configuration of a published model as a reader finds it: texts by the keys of the job's YAML,
 * lists as {@code name.0}, {@code name.1}, ... And how rows are written into one, which is the same
 * for every learner.
 */
public final class ModelConfig {
  private static final String KIND = "features.kind";
  private static final String DIMENSION = "features.dimension";
  private static final String HASH_BITS = "features.hash-bits";
  private static final String CLASSES = "model.classes";
  private static final String MAX_FEATURES = "limits.features-per-example";

  private final Map<String, String> texts;

  /** A reader of a model's configuration. */
  public ModelConfig(Map<String, String> config) {
    this.texts = config;
  }

  /** Writes what rows and labels look like, as far as the numbers of a model depend on it. */
  public static void writeInput(InputSpec input, BiConsumer<String, String> out) {
    writeList(CLASSES, input.classes(), out);
    out.accept(KIND, word(input.kind()));
    if (input.kind() == InputSpec.Kind.NAMED) {
      out.accept(HASH_BITS, Integer.toString(input.hashBits()));
    } else {
      out.accept(DIMENSION, Integer.toString(input.dimension()));
    }
  }

  /** Writes how many features a row may have, which readers bound as the job does. */
  public static void writeLimit(InputSpec input, BiConsumer<String, String> out) {
    out.accept(MAX_FEATURES, Integer.toString(input.maxFeatures()));
  }

  /** Writes a list. */
  public static void writeList(String name, List<?> items, BiConsumer<String, String> out) {
    for (int i = 0; i < items.size(); i++) {
      out.accept(name + "." + i, String.valueOf(items.get(i)));
    }
  }

  /** An enum constant as the YAML has it. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * What rows look like.
   *
   * @param target of the labels
   * @throws io.millrace.core.ConfigException if there are no such rows
   * @throws StateException naming what is missing or not understood
   */
  public InputSpec input(InputSpec.Target target) {
    InputSpec.Kind kind = constant(KIND, InputSpec.Kind.values());
    boolean named = kind == InputSpec.Kind.NAMED;
    return new InputSpec(
        kind,
        named ? 0 : (int) number(DIMENSION),
        named ? (int) number(HASH_BITS) : 0,
        target,
        list(CLASSES),
        (int) number(MAX_FEATURES));
  }

  /** Whether there is a text of this name. */
  public boolean has(String name) {
    return texts.containsKey(name);
  }

  /**
   * A text.
   *
   * @throws StateException naming those that are there
   */
  public String text(String name) {
    String v = texts.get(name);
    if (v == null) {
      throw new StateException(
          "configuration of the model has no '" + name + "'; it has " + texts.keySet());
    }
    return v;
  }

  /** A number. */
  public double number(String name) {
    String v = text(name);
    try {
      return Double.parseDouble(v);
    } catch (NumberFormatException e) {
      throw new StateException(name + " = " + v + " in the model; must be a number", e);
    }
  }

  /** The enum constant that a word stands for. */
  public <E extends Enum<E>> E constant(String name, E[] values) {
    String v = text(name);
    for (E e : values) {
      if (word(e).equals(v)) {
        return e;
      }
    }
    throw new StateException(
        name + " = " + v + " in the model; this build knows " + Arrays.toString(values));
  }

  /** The elements of a list; empty: it is not there. */
  public List<String> list(String name) {
    List<String> items = new ArrayList<>();
    while (texts.containsKey(name + "." + items.size())) {
      items.add(texts.get(name + "." + items.size()));
    }
    return items;
  }

  /** Texts whose names begin with {@code prefix} and a dot, by the rest of the name. */
  public Map<String, String> section(String prefix) {
    Map<String, String> section = new TreeMap<>();
    texts.forEach(
        (name, v) -> {
          if (name.startsWith(prefix + ".")) {
            section.put(name.substring(prefix.length() + 1), v);
          }
        });
    return section;
  }
}
