package io.millrace.core.drift;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Everything the system knows of a detector; declared in the detector's own file, listed once in
 * {@link Detectors}.
 *
 * @param id lower-case with hyphens, as in the job's YAML
 * @param binary whether its values are 0 and 1: errors of classification
 * @param make builds it of a value for every hyperparameter, and a word for every choice
 */
public record DetectorSpec(
    String id,
    Source source,
    boolean binary,
    List<Hyper> hypers,
    List<Choice> choices,
    BiFunction<HyperValues, Map<String, String>, Detector> make)
    implements Spec {
  public DetectorSpec {
    hypers = List.copyOf(hypers);
    choices = List.copyOf(choices);
  }

  /**
   * Builds the detector.
   *
   * @param numbers of hyperparameters; the others have their defaults
   * @param words of choices; the others have their defaults
   * @throws ConfigException listing every fault
   */
  public Detector make(Map<String, Double> numbers, Map<String, String> words) {
    List<String> faults = new ArrayList<>();
    Map<String, String> chosen = Choice.words("drift", id, choices, words, faults);
    HyperValues values = null;
    try {
      values = HyperValues.of(id, hypers, numbers);
    } catch (ConfigException e) {
      faults.addAll(e.faults());
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return make.apply(values, chosen);
  }

  /** The detector as it is by default. */
  public Detector byDefault() {
    return make(Map.of(), Map.of());
  }
}
