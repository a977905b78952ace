package io.millrace.core.dictionary.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Backends;
import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.DictionaryMethod;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Options checked and put together.
 *
 * @param options with every word and the coder's id filled in
 * @param nonNegative whether signals must have no negative entries
 * @param hypers of method and coder, in order
 */
record DictionaryParts(
    DictionaryOptions options,
    DictionaryMethod method,
    boolean nonNegative,
    List<Hyper> hypers,
    HyperValues values) {
  /** Largest matrix of a key, in numbers. */
  private static final long MAX_BLOCK = 1L << 26;

  /**
   * Builds the method.
   *
   * @throws ConfigException listing every fault
   */
  static DictionaryParts of(DictionaryOptions o) {
    MethodSpec spec = Methods.spec(o.method());
    List<String> faults = new ArrayList<>();
    CoderSpec coder = coder(o, spec, faults);
    int dimension = o.input().width();
    if (o.input().target() != InputSpec.Target.NONE) {
      faults.add("the input declares labels " + o.input().target() + "; signals have none");
    }
    if (o.atoms() < 1) {
      faults.add("dictionary.atoms = " + o.atoms() + "; must be at least 1");
    }
    if ((long) o.atoms() * Math.max(o.atoms(), dimension) > MAX_BLOCK) {
      faults.add(
          "dictionary.atoms = "
              + o.atoms()
              + "; atoms times the larger of atoms and features.dimension = "
              + dimension
              + " must be at most "
              + MAX_BLOCK);
    }
    if (spec.nonNegative() && o.scaling().centers()) {
      faults.add(
          "dictionary.scaling = '"
              + o.scaling().word()
              + "'; must be '"
              + SignalScaling.NONE.word()
              + "' or '"
              + SignalScaling.UNIT_NORM.word()
              + "', because method '"
              + spec.id()
              + "' takes no negative numbers, and centred signals have some");
    }
    Map<String, String> words =
        Choice.words(
            "dictionary",
            "dictionary method '" + spec.id() + "'",
            spec.choices(),
            o.choices(),
            faults);
    List<Hyper> hypers = new ArrayList<>(spec.hypers().apply(dimension));
    if (coder != null) {
      hypers.addAll(coder.hypers().apply(dimension));
    }
    HyperValues values = null;
    try {
      values = HyperValues.of("dictionary", hypers, o.hyperparameters());
    } catch (ConfigException e) {
      faults.addAll(e.faults());
    }
    ComputeBackend compute = null;
    try {
      compute = Backends.select(o.backend()).backend();
    } catch (ConfigException e) {
      faults.addAll(e.faults());
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    MethodSettings settings =
        new MethodSettings(
            dimension,
            o.atoms(),
            coder == null ? null : coder.make().apply(values),
            words,
            values,
            compute);
    DictionaryMethod method;
    try {
      method = spec.make().apply(settings);
    } catch (ArithmeticException e) { // a block is longer than an array can be
      throw new ConfigException(
          "dictionary method '"
              + spec.id()
              + "' keeps more than 2^31 numbers for "
              + o.atoms()
              + " atoms, signals of "
              + dimension
              + " and "
              + values.asMap()
              + "; make them smaller");
    }
    DictionaryOptions chosen = o.withMethod(spec.id(), words);
    DictionaryOptions full = coder == null ? chosen : chosen.withCoder(coder.id());
    return new DictionaryParts(full, method, spec.nonNegative(), List.copyOf(hypers), values);
  }

  private static CoderSpec coder(DictionaryOptions o, MethodSpec spec, List<String> faults) {
    if (!spec.usesCoder()) {
      if (!o.coder().isEmpty()) {
        faults.add(
            "dictionary.coder = '"
                + o.coder()
                + "'; method '"
                + spec.id()
                + "' codes by itself; remove it");
      }
      return null;
    }
    try {
      return o.coder().isEmpty() ? Coders.ALL.get(0) : Coders.spec(o.coder());
    } catch (ConfigException e) {
      faults.addAll(e.faults());
      return null;
    }
  }
}
