package io.millrace.core.dictionary.learner;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.features.InputSpec;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a dictionary learner is made of. Names are those of the job's YAML. Checked by {@link
 * DictionaryLearner#DictionaryLearner(DictionaryOptions)}.
 *
 * @param input signals: dense or sparse vectors without label
 * @param method id in {@link Methods}
 * @param atoms K
 * @param coder id in {@link Coders}, empty: the default where the method uses one
 * @param scaling of the signals
 * @param choices words given by name, those of the method; the rest are defaults
 * @param hyperparameters values given by name, those of the method and of the coder; the rest are
 *     defaults
 * @param seed of the job
 * @param backend id of the compute backend, see {@link io.millrace.core.compute.Backends}
 */
public record DictionaryOptions(
    InputSpec input,
    String method,
    int atoms,
    String coder,
    SignalScaling scaling,
    Map<String, String> choices,
    Map<String, Double> hyperparameters,
    long seed,
    String backend)
    implements Serializable {
  public DictionaryOptions {
    choices = Collections.unmodifiableMap(new TreeMap<>(choices));
    hyperparameters = Collections.unmodifiableMap(new TreeMap<>(hyperparameters));
  }

  /** With the scalar backend. */
  public DictionaryOptions(
      InputSpec input,
      String method,
      int atoms,
      String coder,
      SignalScaling scaling,
      Map<String, String> choices,
      Map<String, Double> hyperparameters,
      long seed) {
    this(
        input,
        method,
        atoms,
        coder,
        scaling,
        choices,
        hyperparameters,
        seed,
        ScalarBackend.INSTANCE.id());
  }

  /** Dense signals of m numbers taken as they are, the default method and coder, seed 1. */
  public static DictionaryOptions of(int dimension, int atoms) {
    return new DictionaryOptions(
        signals(InputSpec.Kind.DENSE, dimension),
        Methods.ALL.get(0).id(),
        atoms,
        "",
        SignalScaling.NONE,
        Map.of(),
        Map.of(),
        1);
  }

  /** The input of a dictionary job. */
  public static InputSpec signals(InputSpec.Kind kind, int dimension) {
    return new InputSpec(
        kind, dimension, 0, InputSpec.Target.NONE, java.util.List.of(), Integer.MAX_VALUE);
  }

  /** The same with another method and its words. */
  public DictionaryOptions withMethod(String other, Map<String, String> words) {
    return new DictionaryOptions(
        input, other, atoms, coder, scaling, words, hyperparameters, seed, backend);
  }

  /** The same with another coder. */
  public DictionaryOptions withCoder(String other) {
    return new DictionaryOptions(
        input, method, atoms, other, scaling, choices, hyperparameters, seed, backend);
  }

  /** The same with another scaling. */
  public DictionaryOptions withScaling(SignalScaling other) {
    return new DictionaryOptions(
        input, method, atoms, coder, other, choices, hyperparameters, seed, backend);
  }

  /** The same with other hyperparameters. */
  public DictionaryOptions withHyperparameters(Map<String, Double> other) {
    return new DictionaryOptions(
        input, method, atoms, coder, scaling, choices, other, seed, backend);
  }

  /** The same on another compute backend. */
  public DictionaryOptions withBackend(String other) {
    return new DictionaryOptions(
        input, method, atoms, coder, scaling, choices, hyperparameters, seed, other);
  }
}
