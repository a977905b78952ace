package io.millrace.golden.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.spec.Hyper;
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
 * hyperparameter of its own for is the learning rate. A text selects the flag {@code name-text} and
 * clears those of the other texts; a list gives the elements of a hyperparameter that is one. What
 * the method does not have is refused by name.
 */
final class GoldenHypers {
  /** Describes the layout instead. */
  static final String BLOCKS = "blocks";

  /** Says how long the file is. */
  static final String STEPS = "steps";

  private static final List<String> RATES = List.of("lr", "alpha", "lr-max", "eta0");

  /** Texts for which a method without a flag of that name stands: it knows only this one. */
  private static final Map<String, String> ONLY =
      Map.of("predictor", "last", "table-init", "gradients-at-w0");

  private final OptimizerSpec spec;
  private final Map<String, Double> values = new LinkedHashMap<>();

  private GoldenHypers(OptimizerSpec spec) {
    this.spec = spec;
  }

  static Map<String, Double> of(OptimizerSpec spec, JsonNode given) {
    GoldenHypers hypers = new GoldenHypers(spec);
    for (String rate : RATES) {
      String field = rate.replace('-', '_');
      if (Fields.given(given, field) && !hypers.has(rate)) {
        hypers.values.putIfAbsent(OptimizerSpec.LEARNING_RATE, Fields.number(given, field));
      }
    }
    given.properties().forEach(e -> hypers.add(e.getKey(), e.getValue()));
    return hypers.values;
  }

  private Hyper find(String name) {
    return Optimizers.hypers(spec).stream()
        .filter(h -> h.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  private boolean has(String name) {
    return find(name) != null;
  }

  private static String name(String field) {
    return field.replace('_', '-').toLowerCase(Locale.ROOT);
  }

  private void add(String field, JsonNode v) {
    String name = name(field);
    boolean rate = RATES.contains(name) && !has(name);
    boolean describesTheFile = (field.equals(BLOCKS) || field.equals(STEPS)) && !has(name);
    if (rate || describesTheFile || v.isNull()) {
      return;
    }
    if (v.isTextual()) {
      choice(name, v.textValue());
    } else if (!has(name)) {
      throw unknown(name, v);
    } else if (v.isBoolean()) {
      values.put(name, v.booleanValue() ? 1.0 : 0.0);
    } else if (v.isArray()) {
      list(name, Fields.flat(field, v));
    } else {
      values.put(name, Fields.number(field, v));
    }
  }

  private UnsupportedGolden unknown(String name, JsonNode v) {
    return new UnsupportedGolden(
        "'"
            + spec.id()
            + "' has no option '"
            + name
            + "', the file sets it to "
            + v
            + "; it has "
            + spec.hypers().stream().map(Hyper::name).toList());
  }

  private void choice(String name, String text) {
    String flag = name + "-" + name(text);
    List<Hyper> flags =
        spec.hypers().stream().filter(h -> h.name().startsWith(name + "-")).toList();
    if (!has(flag) && !name(text).equals(ONLY.get(name))) {
      throw new UnsupportedGolden("'" + spec.id() + "' knows no " + name + " '" + text + "'");
    }
    flags.forEach(h -> values.put(h.name(), h.name().equals(flag) ? 1.0 : 0.0));
  }

  private void list(String name, double[] listed) {
    Hyper hyper = find(name);
    if (!hyper.list()) {
      throw new UnsupportedGolden("'" + spec.id() + "' takes no list for '" + name + "'");
    }
    if (listed.length == 0) {
      throw new MalformedGolden("'" + name + "' is an empty list");
    }
    for (int k = 1; k <= listed.length; k++) {
      values.put(hyper.element(k), listed[k - 1]);
    }
  }
}
