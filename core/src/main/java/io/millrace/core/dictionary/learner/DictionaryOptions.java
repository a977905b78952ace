package io.millrace.core.dictionary.learner;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.features.InputSpec;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
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

  /**
   * Options to be filled in: the default method and coder, signals taken as they are, the scalar
   * backend and seed 1, unless something else is set.
   *
   * @param atoms K
   */
  public static Builder builder(InputSpec input, int atoms) {
    return new Builder(input, atoms);
  }

  /** Dense signals of m numbers taken as they are, the default method and coder, seed 1. */
  public static DictionaryOptions of(int dimension, int atoms) {
    return builder(signals(InputSpec.Kind.DENSE, dimension), atoms).build();
  }

  /** The input of a dictionary job. */
  public static InputSpec signals(InputSpec.Kind kind, int dimension) {
    return new InputSpec(kind, dimension, 0, InputSpec.Target.NONE, List.of(), Integer.MAX_VALUE);
  }

  /** These options as the start of others. */
  public Builder toBuilder() {
    return new Builder(input, atoms)
        .method(method, choices)
        .coder(coder)
        .scaling(scaling)
        .hyperparameters(hyperparameters)
        .seed(seed)
        .backend(backend);
  }

  /** The same with another method and its words. */
  public DictionaryOptions withMethod(String other, Map<String, String> words) {
    return toBuilder().method(other, words).build();
  }

  /** The same with another coder. */
  public DictionaryOptions withCoder(String other) {
    return toBuilder().coder(other).build();
  }

  /** The same with another scaling. */
  public DictionaryOptions withScaling(SignalScaling other) {
    return toBuilder().scaling(other).build();
  }

  /** The same with other hyperparameters. */
  public DictionaryOptions withHyperparameters(Map<String, Double> other) {
    return toBuilder().hyperparameters(other).build();
  }

  /** The same on another compute backend. */
  public DictionaryOptions withBackend(String other) {
    return toBuilder().backend(other).build();
  }

  /** Collects options; see {@link DictionaryOptions} for what each of them is. */
  public static final class Builder {
    private final InputSpec input;
    private final int atoms;
    private String method = Methods.ALL.get(0).id();
    private String coder = "";
    private SignalScaling scaling = SignalScaling.NONE;
    private Map<String, String> choices = Map.of();
    private Map<String, Double> hyperparameters = Map.of();
    private long seed = 1;
    private String backend = ScalarBackend.INSTANCE.id();

    private Builder(InputSpec input, int atoms) {
      this.input = input;
      this.atoms = atoms;
    }

    /** A method and the words given for its choices. */
    public Builder method(String id, Map<String, String> words) {
      method = id;
      choices = words;
      return this;
    }

    public Builder coder(String id) {
      coder = id;
      return this;
    }

    public Builder scaling(SignalScaling v) {
      scaling = v;
      return this;
    }

    public Builder hyperparameters(Map<String, Double> values) {
      hyperparameters = values;
      return this;
    }

    public Builder seed(long v) {
      seed = v;
      return this;
    }

    public Builder backend(String id) {
      backend = id;
      return this;
    }

    /** The options; what they say is checked by the learner that is made of them. */
    public DictionaryOptions build() {
      return new DictionaryOptions(
          input, method, atoms, coder, scaling, choices, hyperparameters, seed, backend);
    }
  }
}
