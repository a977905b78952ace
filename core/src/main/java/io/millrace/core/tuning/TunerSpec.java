package io.millrace.core.tuning;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Everything the system knows of a tuner; declared in the tuner's own file, listed once in {@link
 * Tuners}.
 *
 * @param id lower-case with hyphens, as in the job's YAML
 * @param stateVersion counts up with the set of blocks or their meaning
 * @param constrained whether it takes constraints
 * @param make builds the tuner; throws {@link ConfigException} where settings contradict each other
 */
public record TunerSpec(
    String id,
    int stateVersion,
    Source source,
    boolean constrained,
    List<Hyper> hypers,
    Function<TunerSettings, Tuner> make)
    implements Spec {
  public TunerSpec {
    hypers = List.copyOf(hypers);
  }

  /**
   * Builds the tuner.
   *
   * @param given values of hyperparameters; the others have their defaults
   * @throws ConfigException listing every fault
   */
  public Tuner make(int dimension, int constraints, Map<String, Double> given) {
    List<String> faults = new ArrayList<>();
    if (dimension < 1) {
      faults.add(id + ": " + dimension + " parameters; must be at least 1");
    }
    if (constraints < 0 || constraints > 0 && !constrained) {
      faults.add(
          id
              + ": "
              + constraints
              + " constraints; "
              + (constrained ? "must be at least 0" : "it takes none; use 'config-gp'"));
    }
    try {
      HyperValues values = HyperValues.of(id, hypers, given);
      if (faults.isEmpty()) {
        return make.apply(new TunerSettings(dimension, constraints, values));
      }
    } catch (ConfigException e) {
      faults.addAll(e.faults());
    }
    throw new ConfigException(faults);
  }
}
