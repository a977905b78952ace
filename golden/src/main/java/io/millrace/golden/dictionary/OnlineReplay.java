package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.DictionaryMethod;
import io.millrace.core.dictionary.Forgetting;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.online.OnlineDictionary;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.state.LearnerState;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The online method as a golden file sets it up, and its state. */
final class OnlineReplay {
  final DictionaryMethod method;
  final LearnerState state;
  final int atoms;
  private final double rho;
  private final Forgetting forgetting;

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
    values.put("rho", Fields.numberOr(inputs, "rho", Forgetting.RHO.def()));
    double nonNegative = Fields.flagOrNot(inputs, "nonnegative") ? 1 : 0;
    values.put("nonnegative-atoms", nonNegative);
    values.put("nonnegative-codes", nonNegative);
    values.put("memory", 0.0);
    values.put("sweeps", Fields.numberOr(inputs, "sweeps_per_batch", 1));
    String schedule = Fields.textOr(inputs, "schedule", "sum");
    String word = schedule.equals("mairal_minibatch") ? "minibatch" : schedule;
    if (!Forgetting.CHOICE.values().contains(word)) {
      throw new UnsupportedGolden("no schedule '" + schedule + "'");
    }
    Map<String, String> words = Map.of("schedule", word);
    this.rho = values.get("rho");
    this.forgetting = Forgetting.of(word, rho);
    this.atoms = d.length / m;
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
    set("idle", new double[atoms]); // the files give up what no code uses at once
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
      throw new MalformedGolden("a step of the file is not finite");
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

  /** Columns of a batch, which is as large as the file says where it says so. */
  double[] batch(JsonNode inputs, String what, JsonNode batch) {
    double[] x = Matrices.columns(what, batch);
    int m = method.dimension();
    if (x.length % m != 0 || batch.size() != m) {
      throw new MalformedGolden(
          "'" + what + "' has " + batch.size() + " rows, a signal has " + m + " numbers");
    }
    if (Fields.given(inputs, "batch")) {
      Fields.integer(inputs, "batch", x.length / m, x.length / m);
    }
    return x;
  }

  /** The factor by which round t, from 1, keeps what was before. */
  double keep(long t, int signals) {
    return forgetting.keep(t, signals, rho);
  }

  /** Atoms of the dictionary that are not what they were, or with {@code same} those that are. */
  List<Integer> atoms(double[] before, boolean same) {
    double[] now = state.block("dictionary");
    int m = method.dimension();
    return IntStream.range(0, atoms)
        .filter(j -> Arrays.equals(before, j * m, (j + 1) * m, now, j * m, (j + 1) * m) == same)
        .boxed()
        .toList();
  }

  /** Overwrites a block of the state. */
  void set(String block, double[] values) {
    System.arraycopy(values, 0, state.block(block), 0, values.length);
  }
}
