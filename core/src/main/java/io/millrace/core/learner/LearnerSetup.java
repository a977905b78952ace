package io.millrace.core.learner;

import io.millrace.core.features.InputSpec;
import io.millrace.core.scaling.Scaling;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a learner of {@link io.millrace.core.catalog.Learners} is made of. Names are those of the
 * job's YAML. Checked by {@link LearnerForm#of}.
 *
 * @param kind id of the learner
 * @param input features and label
 * @param words given for its choices; the rest are defaults
 * @param hyperparameters given by name; the rest are defaults
 * @param scaling of the features
 * @param nominal number of values of the features that are not numeric, by place
 * @param names of the features, for people; empty, or one for each
 * @param largest size that no published number may exceed: the range of the type of tensors
 * @param seed of the job
 */
public record LearnerSetup(
    String kind,
    InputSpec input,
    Map<String, String> words,
    Map<String, Double> hyperparameters,
    Scaling scaling,
    SortedMap<Integer, Integer> nominal,
    List<String> names,
    double largest,
    long seed)
    implements Serializable {
  public LearnerSetup {
    words = Collections.unmodifiableMap(new TreeMap<>(words));
    hyperparameters = Collections.unmodifiableMap(new TreeMap<>(hyperparameters));
    nominal = Collections.unmodifiableSortedMap(new TreeMap<>(nominal));
    names = List.copyOf(names);
  }

  /** A learner at its defaults: no scaling, numeric features, numbers of 32-bit floats, seed 1. */
  public static LearnerSetup of(String kind, InputSpec input) {
    return new LearnerSetup(
        kind,
        input,
        Map.of(),
        Map.of(),
        Scaling.NONE,
        new TreeMap<>(),
        List.of(),
        Float.MAX_VALUE,
        1);
  }

  /** The same with other words. */
  public LearnerSetup withWords(Map<String, String> other) {
    return new LearnerSetup(
        kind, input, other, hyperparameters, scaling, nominal, names, largest, seed);
  }

  /** The same with other hyperparameters. */
  public LearnerSetup withHyperparameters(Map<String, Double> other) {
    return new LearnerSetup(kind, input, words, other, scaling, nominal, names, largest, seed);
  }

  /** The same with another scaling. */
  public LearnerSetup withScaling(Scaling other) {
    return new LearnerSetup(
        kind, input, words, hyperparameters, other, nominal, names, largest, seed);
  }

  /**
   * The same with features of another form.
   *
   * @param values of the features that are not numeric, by place
   * @param called names of all features; may be empty
   */
  public LearnerSetup withFeatures(Map<Integer, Integer> values, List<String> called) {
    return new LearnerSetup(
        kind, input, words, hyperparameters, scaling, new TreeMap<>(values), called, largest, seed);
  }

  /** The same with another bound on published numbers. */
  public LearnerSetup withLargest(double other) {
    return new LearnerSetup(
        kind, input, words, hyperparameters, scaling, nominal, names, other, seed);
  }

  /** The same with another seed. */
  public LearnerSetup withSeed(long other) {
    return new LearnerSetup(
        kind, input, words, hyperparameters, scaling, nominal, names, largest, other);
  }
}
