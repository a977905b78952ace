package io.millrace.golden.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Hyperparameters of golden files under the names of the configuration. Hyphens stand for
 * underscores and capitals are small. The first of lr, alpha, lr_max, eta0 that the method has no
 * hyperparameter of its own for is the learning rate. A text selects the flag {@code name-text}; a
 * list in even steps is its first value and {@code name-increment}.
 */
final class GoldenHypers {
  /** Describes the layout instead. */
  static final String BLOCKS = "blocks";

  /** Says how long the file is. */
  private static final String STEPS = "steps";

  private static final List<String> RATES = List.of("lr", "alpha", "lr-max", "eta0");

  private final OptimizerSpec spec;
  private final Map<String, Double> values = new LinkedHashMap<>();

  private GoldenHypers(OptimizerSpec spec) {
    this.spec = spec;
  }

  static Map<String, Double> of(OptimizerSpec spec, JsonNode given) {
    GoldenHypers hypers = new GoldenHypers(spec);
    for (String rate : RATES) {
      JsonNode v = given.get(rate.replace('-', '_'));
      if (v != null && !hypers.has(rate)) {
        hypers.values.putIfAbsent(OptimizerSpec.LEARNING_RATE, Fields.number(rate, v));
      }
    }
    given.properties().forEach(e -> hypers.add(e.getKey(), e.getValue()));
    return hypers.values;
  }

  private boolean has(String name) {
    return spec.hypers().stream().anyMatch(h -> h.name().equals(name));
  }

  private void add(String field, JsonNode v) {
    String name = field.replace('_', '-').toLowerCase(Locale.ROOT);
    boolean rate = RATES.contains(name) && !has(name);
    boolean describesTheFile = (field.equals(BLOCKS) || field.equals(STEPS)) && !has(name);
    if (rate || describesTheFile) {
      return;
    }
    if (v.isBoolean()) {
      values.put(name, v.booleanValue() ? 1.0 : 0.0);
    } else if (v.isTextual()) {
      choice(name, v.textValue());
    } else if (v.isArray()) {
      list(name, Fields.flat(field, v));
    } else {
      values.put(name, Fields.number(field, v));
    }
  }

  /** A method without a flag for any choice under that name knows only one. */
  private void choice(String name, String text) {
    String flag = name + "-" + text;
    if (has(flag)) {
      values.put(flag, 1.0);
    } else if (spec.hypers().stream().anyMatch(h -> h.name().startsWith(name + "-"))) {
      throw new UnsupportedGolden("'" + spec.id() + "' knows no " + name + " '" + text + "'");
    }
  }

  private void list(String name, double[] listed) {
    if (listed.length == 0) {
      throw new MalformedGolden("'" + name + "' is an empty list");
    }
    double increment = listed.length > 1 ? listed[1] - listed[0] : 0;
    for (int i = 1; i < listed.length; i++) {
      if (listed[i] - listed[i - 1] != increment) {
        throw new UnsupportedGolden("'" + name + "' is a list in uneven steps");
      }
    }
    values.put(name, listed[0]);
    values.put(name + "-increment", increment);
  }
}
