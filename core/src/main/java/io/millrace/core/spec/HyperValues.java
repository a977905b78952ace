package io.millrace.core.spec;

import io.millrace.core.ConfigException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
   * @throws ConfigException listing every unknown name and every value out of range
   */
  public static HyperValues of(String owner, List<Hyper> declared, Map<String, Double> given) {
    List<String> faults = new ArrayList<>();
    Map<String, Double> values = new LinkedHashMap<>();
    for (Hyper h : declared) {
      Double v = given.get(h.name());
      if (v != null && !h.range().contains(v)) {
        faults.add(owner + "." + h.name() + " = " + v + "; must lie in " + h.range());
      }
      values.put(h.name(), v == null ? h.def() : v);
    }
    for (String name : given.keySet()) {
      if (!values.containsKey(name)) {
        faults.add(
            owner
                + " has no hyperparameter '"
                + name
                + "'; it has "
                + declared.stream().map(Hyper::name).toList());
      }
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return new HyperValues(values);
  }

  public double get(Hyper hyper) {
    return values.get(hyper.name());
  }

  public boolean flag(Hyper hyper) {
    return get(hyper) != 0;
  }

  /** All values in declaration order; not modifiable. */
  public Map<String, Double> asMap() {
    return Collections.unmodifiableMap(values);
  }
}
