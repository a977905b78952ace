package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.DictionaryMethod;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.online.OnlineDictionary;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.state.LearnerState;
import io.millrace.golden.kind.Tally;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The online method as a golden file sets it up, and its state. */
final class OnlineReplay {
  final DictionaryMethod method;
  final LearnerState state;

  /** The same method with codes that the file lists. */
  private final DictionaryMethod updater;

  private final ListedCodes listed = new ListedCodes();
  final Workspace workspace = new Workspace();
  final Draws draws;

  /**
   * Sets up.
   *
   * @param inputs with schedule, rho, nonnegative, sweeps_per_batch where they matter
   * @param d start, columns one after another
   * @param m length of an atom
   * @param draws null: none are listed
   */
  OnlineReplay(JsonNode inputs, double[] d, int m, Map<String, Double> hypers, Draws draws) {
    Map<String, Double> values = new HashMap<>(hypers);
    if (inputs.path("rho").isNumber()) {
      values.put("rho", inputs.get("rho").doubleValue());
    }
    double nonNegative = inputs.path("nonnegative").asBoolean() ? 1 : 0;
    values.put("nonnegative-atoms", nonNegative);
    values.put("nonnegative-codes", nonNegative);
    values.put("sweeps", inputs.path("sweeps_per_batch").asDouble(1));
    String schedule = inputs.path("schedule").asText("sum");
    Map<String, String> words =
        Map.of("schedule", schedule.equals("mairal_minibatch") ? "minibatch" : schedule);
    int atoms = d.length / m;
    DictionaryLearner learner =
        new DictionaryLearner(
            DictionaryOptions.of(m, atoms)
                .withMethod(OnlineDictionary.SPEC.id(), words)
                .withHyperparameters(values));
    this.method = learner.method();
    this.updater =
        OnlineDictionary.SPEC
            .make()
            .apply(
                new MethodSettings(
                    m,
                    atoms,
                    listed,
                    learner.options().choices(),
                    HyperValues.of("golden", learner.hyperparameters(), learner.values()),
                    ScalarBackend.INSTANCE));
    this.draws = draws == null ? new PhiloxDraws(1, "golden") : draws;
    this.state = new LearnerState(learner.schema());
    learner.initialize(state, "golden");
    method.warmStart(
        state,
        new PublishedModel(
            Map.of(), Map.of("dictionary", new PublishedModel.Tensor(new int[] {atoms, m}, d))));
  }

  /** One step. */
  void step(double[] x) {
    double[] ones = ones(x);
    taken(method.step(x, ones, ones.length, state, draws, workspace));
  }

  /** One step with given codes. */
  void step(double[] x, double[] codes) {
    double[] ones = ones(x);
    listed.next(codes);
    taken(updater.step(x, ones, ones.length, state, draws, workspace));
  }

  private double[] ones(double[] x) {
    double[] weights = new double[x.length / method.dimension()];
    Arrays.fill(weights, 1);
    return weights;
  }

  private static void taken(boolean step) {
    if (!step) {
      throw new IllegalStateException("a golden step is not finite");
    }
  }

  /** Compares A, B and D where the file lists them. */
  void compare(String where, JsonNode expected, Tally tally) {
    compare(where, expected, "A", "a", tally);
    compare(where, expected, "B", "b", tally);
    compare(where, expected, "D", "dictionary", tally);
  }

  private void compare(String where, JsonNode expected, String field, String block, Tally tally) {
    if (expected.has(field)) {
      tally.compare(where + "." + field, Matrices.columns(expected, field), state.block(block));
    }
  }

  /** Atoms that no code uses. */
  int unused() {
    double[] found = new double[1];
    method.figures(state, (name, v) -> found[0] = name.equals("unusedAtoms") ? v : found[0]);
    return (int) found[0];
  }

  /** Overwrites a block of the state. */
  void set(String block, double[] values) {
    System.arraycopy(values, 0, state.block(block), 0, values.length);
  }
}
