package io.millrace.core.spec;

import io.millrace.core.ConfigException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A value for every declared hyperparameter: the given ones, checked, and the defaults of the rest.
 * Immutable.
 */
public final class HyperValues {
  private final Map<String, Double> values;

  private HyperValues(Map<String, Double> values) {
    this.values = values;
  }

  /**
   * Checks {@code given} against the declarations.
   *
   * @param owner whose hyperparameters they are, for messages
   * @throws ConfigException listing every unknown name, every value out of range and every list
   *     with a gap
   */
  public static HyperValues of(String owner, List<Hyper> declared, Map<String, Double> given) {
    List<String> faults = new ArrayList<>();
    Map<String, Double> values = new LinkedHashMap<>();
    Set<String> unknown = new LinkedHashSet<>(given.keySet());
    for (Hyper h : declared) {
      values.put(h.name(), h.def());
      for (int k = 1; given.containsKey(h.element(k)); k++) {
        double v = given.get(h.element(k));
        if (!h.range().contains(v)) {
          faults.add(owner + "." + h.element(k) + " = " + v + "; must lie in " + h.range());
        }
        values.put(h.element(k), v);
        unknown.remove(h.element(k));
        if (!h.list()) {
          break;
        }
      }
    }
    for (String name : unknown) {
      faults.add(unknown(owner, declared, given, name));
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return new HyperValues(values);
  }

  private static String unknown(
      String owner, List<Hyper> declared, Map<String, Double> given, String name) {
    for (Hyper h : declared) {
      int k = h.elementOf(name);
      if (k > 1) {
        int missing = 1;
        while (given.containsKey(h.element(missing))) {
          missing++;
        }
        return owner
            + "."
            + name
            + ": '"
            + h.element(missing)
            + "' is not given; a list has no gaps, give every element from '"
            + h.name()
            + "' on";
      }
    }
    return owner
        + " has no hyperparameter '"
        + name
        + "'; it has "
        + declared.stream().map(Hyper::name).toList();
  }

  public double get(Hyper hyper) {
    return values.get(hyper.name());
  }

  /** The elements of a list as given; where none is, its default alone. */
  public double[] list(Hyper hyper) {
    return named(hyper).values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** A hyperparameter under its name; of a list, every element under its own. */
  public Map<String, Double> named(Hyper hyper) {
    Map<String, Double> named = new LinkedHashMap<>();
    named.put(hyper.name(), get(hyper));
    for (int k = 2; hyper.list() && values.containsKey(hyper.element(k)); k++) {
      named.put(hyper.element(k), values.get(hyper.element(k)));
    }
    return named;
  }

  public boolean flag(Hyper hyper) {
    return get(hyper) != 0;
  }

  /** All values in declaration order; not modifiable. */
  public Map<String, Double> asMap() {
    return Collections.unmodifiableMap(values);
  }
}
