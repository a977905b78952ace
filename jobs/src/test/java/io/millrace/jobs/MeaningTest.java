package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the numbers of a savepoint mean is said in full: a setting under which they would be read
 * otherwise makes another meaning, one that an order or a new YAML may change makes none.
 */
class MeaningTest {
  private static final String LEARN =
      """
      kafka: {bootstrap-servers: "localhost:9092"}
      model: {kind: mlp, hidden: [4], activation: relu, loss: logistic, classes: [DOWN, UP]}
      features: {kind: dense, dimension: 3, scaling: standard}
      optimizer: {name: adam, learning-rate: 0.05}
      mini-batch: 4
      seed: 1
      """;

  private static final String DICTIONARY =
      """
      job: dictionary
      kafka: {bootstrap-servers: "localhost:9092"}
      features: {kind: dense, dimension: 4}
      dictionary: {method: online, atoms: 3, coder: lars-lasso, lambda: 0.1, scaling: none}
      mini-batch: 4
      seed: 1
      """;

  private static SortedMap<String, String> meaning(String yaml) {
    return ((LearnerPlan) JobPlan.of(JobConfig.parse(yaml))).factory().create("scalar").meaning();
  }

  private static SortedMap<String, String> changed(String yaml, String from, String to) {
    assertThat(yaml).contains(from);
    return meaning(yaml.replace(from, to));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[DOWN, UP];                 [UP, DOWN];           model.classes.0",
        "loss: logistic;             loss: hinge;          model.loss",
        "activation: relu;           activation: tanh;     model.activation",
        "kind: dense;                kind: sparse;         features.kind",
        "scaling: standard;          scaling: none;        features.scaling",
        "seed: 1;                    seed: 2;              seed"
      })
  void ofALearnJob(String from, String to, String setting) {
    assertThat(differences(meaning(LEARN), changed(LEARN, from, to))).contains(setting);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"learning-rate: 0.05; learning-rate: 0.1", "mini-batch: 4; mini-batch: 8"})
  void isNotWhatMayChange(String from, String to) {
    assertThat(changed(LEARN, from, to)).isEqualTo(meaning(LEARN));
  }

  /** Named features of the same width as dense or sparse ones are other features. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"{kind: dense, dimension: 1024}", "{kind: sparse, dimension: 1024}"})
  void namesTheKindOfFeatures(String other) {
    String named = LEARN.replace("{kind: dense, dimension: 3, scaling: standard}", "%s");
    assertThat(
            differences(
                meaning(named.formatted("{kind: named, hash-bits: 10}")),
                meaning(named.formatted(other))))
        .contains("features.kind");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "coder: lars-lasso; coder: fista",
        "scaling: none;   scaling: unit-norm",
        "kind: dense;     kind: sparse",
        "seed: 1;         seed: 2"
      })
  void ofADictionaryJob(String from, String to) {
    assertThat(changed(DICTIONARY, from, to)).isNotEqualTo(meaning(DICTIONARY));
  }

  private static Set<String> differences(Map<String, String> a, Map<String, String> b) {
    Set<String> names = new TreeSet<>();
    a.forEach((k, v) -> addIf(names, k, !v.equals(b.get(k))));
    b.forEach((k, v) -> addIf(names, k, !v.equals(a.get(k))));
    return names;
  }

  private static void addIf(Set<String> names, String name, boolean add) {
    if (add) {
      names.add(name);
    }
  }
}
