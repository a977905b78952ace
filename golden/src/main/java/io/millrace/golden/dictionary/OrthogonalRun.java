package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.orthogonal.FrankWolfeStep;
import io.millrace.core.dictionary.orthogonal.OrthogonalDictionary;
import io.millrace.core.dictionary.orthogonal.Recovery;
import io.millrace.core.linalg.PolarFactor;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Arrays;
import java.util.Map;

/**
 * The orthogonal method's Frank-Wolfe steps: single ones with given shares, and runs of the method
 * itself. A case is a case of the file.
 */
public final class OrthogonalRun implements GoldenKind {
  private static final String RHO = "min(1,c_rho/sqrt(t+1))";
  private static final String GAMMA = "min(1,2/(t+2)^(3/4))";

  @Override
  public String id() {
    return "oodl_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    int number = 0;
    for (JsonNode c : Fields.array(file, "cases")) {
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      String where = "case " + ++number;
      tally.begin();
      if (expected.has("steps")) {
        run(where, inputs, expected, tally);
      } else {
        int size = Matrices.rows(inputs, "D");
        step(
            where,
            new FrankWolfeStep(size, ScalarBackend.INSTANCE.kernels()),
            signals(Fields.array(inputs, "Y"), size),
            Matrices.columns(inputs, "D", size, size),
            Matrices.columns(inputs, "G_prev", size, size),
            Fields.number(inputs, "rho"),
            Fields.number(inputs, "gamma"),
            expected,
            tally);
      }
    }
  }

  private static void run(String where, JsonNode inputs, JsonNode expected, Tally tally) {
    given(inputs, "rho_t", RHO);
    given(inputs, "gamma_t", GAMMA);
    int size = Matrices.rows(inputs, "D0");
    DictionaryLearner learner =
        new DictionaryLearner(
            DictionaryOptions.of(size, size)
                .withMethod(OrthogonalDictionary.SPEC.id(), Map.of("schedule", "fw"))
                .withHyperparameters(Map.of("c-rho", Fields.number(inputs, "c_rho"))));
    LearnerState state = new LearnerState(learner.schema());
    double[] d = state.block("d");
    System.arraycopy(Matrices.columns(inputs, "D0", size, size), 0, d, 0, d.length);
    FrankWolfeStep step = new FrankWolfeStep(size, ScalarBackend.INSTANCE.kernels());
    Workspace workspace = new Workspace();
    JsonNode batches = Fields.array(inputs, "Y");
    JsonNode steps = Fields.array(expected, "steps", batches.size());
    for (int t = 0; t < steps.size(); t++) {
      JsonNode s = steps.get(t);
      String at = where + " step " + (t + 1);
      double[] y = signals(batches.get(t), size);
      tally.exact(at + ".t", Fields.integer(s, "t"), t + 1L);
      double rho = Fields.number(s, "rho");
      step(at, step, y, d, state.block("g"), rho, Fields.number(s, "gamma"), s, tally);
      boolean taken =
          learner
              .method()
              .step(y, ones(y, size), y.length / size, state, new PhiloxDraws(1, ""), workspace);
      tally.exact(at + " taken", true, taken);
      compare(at + ".G of the method", s, "G", state.block("g"), tally);
      compare(at + ".D of the method", s, "D", d, tally);
    }
    tally.compare(
        where + ".recovery_error",
        Fields.number(expected, "recovery_error"),
        Recovery.error(Matrices.columns(inputs, "true_dictionary", size, size), d, size));
  }

  private static double[] signals(JsonNode y, int size) {
    double[] x = Matrices.columns("Y", y);
    if (y.size() != size) {
      throw new MalformedGolden("'Y' has " + y.size() + " rows, D has " + size);
    }
    return x;
  }

  private static void given(JsonNode inputs, String field, String schedule) {
    String found = Fields.text(inputs, field);
    if (!found.equals(schedule)) {
      throw new UnsupportedGolden("no schedule " + field + " = '" + found + "'");
    }
  }

  private static void step(
      String where,
      FrankWolfeStep step,
      double[] y,
      double[] d,
      double[] g,
      double rho,
      double gamma,
      JsonNode expected,
      Tally tally) {
    int size = (int) Math.sqrt(d.length);
    boolean taken = step.run(y, ones(y, size), y.length / size, d, g, rho, gamma, false);
    tally.exact(where + " taken", true, taken);
    compare(where + ".grad", expected, "grad", step.gradient(), tally);
    compare(where + ".G", expected, "G", step.average(), tally);
    compare(where + ".S", expected, "S", step.vertex(), tally);
    compare(where + ".D", expected, "D", step.next(), tally);
    tally.compare(where + ".fw_gap", Fields.number(expected, "fw_gap"), step.gap());
    if (expected.has("f")) {
      tally.compare(where + ".f", Fields.number(expected, "f"), step.objective());
      tally.exact(where + ".rank_of_G", Fields.integer(expected, "rank_of_G"), (long) step.rank());
      PolarFactor singular = new PolarFactor(size);
      tally.exact(where + ".G is decomposed", true, singular.decompose(step.average()));
      tally.compare(
          where + ".smallest_kept_singular_value_of_G",
          Fields.number(expected, "smallest_kept_singular_value_of_G"),
          singular.singularValue(step.rank()));
      tally.exact(where + ".D is decomposed", true, singular.decompose(step.next()));
      tally.compare(
          where + ".spectral_norm_D", Fields.number(expected, "spectral_norm_D"), singular.norm());
    }
  }

  /** Compares a matrix where the file lists it: long runs list the gap alone for most steps. */
  private static void compare(
      String where, JsonNode expected, String field, double[] actual, Tally tally) {
    if (expected.has(field)) {
      tally.compare(where, Matrices.columns(expected, field), actual);
    }
  }

  private static double[] ones(double[] y, int size) {
    double[] weights = new double[y.length / size];
    Arrays.fill(weights, 1);
    return weights;
  }
}
