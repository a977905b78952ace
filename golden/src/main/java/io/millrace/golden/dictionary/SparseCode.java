package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.SparseCoder;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Codes of signals: those of the lasso by every coder of the catalogue that has a lambda, those of
 * orthogonal matching pursuit after each atom. A case is a signal coded by one coder.
 */
public final class SparseCode implements GoldenKind {
  private static final double TOLERANCE = 1e-13;
  private static final double STEPS = 1e6;
  private static final String KKT = "kkt_residual_of_this_solution";

  @Override
  public String id() {
    return "sparse_code";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      JsonNode inputs = Fields.object(c, "inputs");
      boolean lasso = inputs.has("lambda");
      for (CoderSpec spec : SignalCase.codersWith(lasso ? "lambda" : "max-atoms")) {
        tally.begin();
        if (lasso) {
          lasso(spec, inputs, Fields.object(c, "expected"), tally);
        } else {
          pursuit(spec, inputs, Fields.object(c, "expected"), tally);
        }
      }
    }
  }

  private static void lasso(CoderSpec spec, JsonNode inputs, JsonNode expected, Tally tally) {
    SignalCase signal = new SignalCase(inputs);
    double lambda = Fields.number(inputs, "lambda");
    double lambda2 = Fields.number(inputs, "lambda2");
    boolean nonNegative = Fields.flag(inputs, "nonnegative");
    SparseCoder coder =
        signal.coder(
            spec,
            Map.of(
                "lambda",
                lambda,
                "lambda2",
                lambda2,
                "nonnegative-codes",
                nonNegative ? 1.0 : 0.0,
                "tolerance",
                TOLERANCE,
                "max-sweeps",
                STEPS));
    double[] code = signal.code(coder);
    tally.compare(
        spec.id() + ".alpha",
        Fields.flat("alpha", Fields.array(expected, "alpha"), signal.atoms),
        code);
    tally.compare(
        spec.id() + ".objective",
        Fields.number(expected, "objective"),
        signal.objective(coder, code));
    List<Integer> support =
        IntStream.range(0, signal.atoms).filter(j -> code[j] != 0).boxed().toList();
    tally.exact(spec.id() + ".support", indexes(expected, "support", signal.atoms), support);
    if (Fields.given(expected, KKT)) {
      double[] g = new double[signal.atoms];
      CodeMeasures.gradient(signal.gram, signal.c, 0, code, 0, g, 0);
      tally.compare(
          spec.id() + "." + KKT,
          Fields.number(expected, KKT),
          CodeMeasures.violation(signal.atoms, g, code, lambda, lambda2, nonNegative));
    }
  }

  /** Runs the pursuit with one atom, with two, and so on: what comes new is the atom chosen. */
  private static void pursuit(CoderSpec spec, JsonNode inputs, JsonNode expected, Tally tally) {
    SignalCase signal = new SignalCase(inputs);
    Map<String, Double> values = new HashMap<>();
    values.put("stop", Fields.numberOr(inputs, "stop_relative_residual_sq", 0));
    values.put("max-atoms", Fields.numberOr(inputs, "max_atoms", 0));
    double[] whole = signal.code(signal.coder(spec, values));
    List<Integer> order = indexes(expected, "support_in_order", signal.atoms);
    int chosen = order.size();
    JsonNode steps = Fields.array(expected, "coefficients_after_each_step", chosen);
    double[] residuals =
        Fields.flat(
            "residual_sq_after_each_step",
            Fields.array(expected, "residual_sq_after_each_step"),
            chosen);
    tally.compare(
        spec.id() + ".coefficients",
        Fields.flat(
            "coefficients_in_support_order",
            Fields.array(expected, "coefficients_in_support_order")),
        order.stream().mapToDouble(j -> whole[j]).toArray());
    double[] code = new double[signal.atoms];
    for (int k = 1; k <= order.size(); k++) {
      values.put("max-atoms", (double) k);
      SparseCoder coder = signal.coder(spec, values);
      code = signal.code(coder);
      double[] listed = new double[k];
      for (int i = 0; i < k; i++) {
        listed[i] = code[order.get(i)];
      }
      String where = spec.id() + ".step " + k;
      tally.exact(where + ".atoms", k, CodeMeasures.nonZeros(signal.atoms, code, 0));
      tally.compare(where, Fields.flat(where, steps.get(k - 1)), listed);
      tally.compare(
          where + ".residual",
          residuals[k - 1],
          coder.gap(signal.gram, signal.c, 0, signal.xx, code, 0, signal.workspace));
    }
    tally.exact(spec.id() + ".whole", Arrays.toString(code), Arrays.toString(whole));
  }

  private static List<Integer> indexes(JsonNode expected, String field, int atoms) {
    return Arrays.stream(Fields.integers(field, Fields.array(expected, field), 0, atoms - 1))
        .boxed()
        .toList();
  }
}
