package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.SparseCoder;
import io.millrace.core.dictionary.learner.Coders;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Map;

/** The iterates of proximal gradient coders, one by one. A case is a run. */
public final class CodeIterates implements GoldenKind {
  @Override
  public String id() {
    return "sparse_code_iterates";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      run(Fields.object(c, "inputs"), Fields.object(c, "expected"), tally);
    }
  }

  /** The k-th iterate is where a coder ends that has k steps. */
  private static void run(JsonNode inputs, JsonNode expected, Tally tally) {
    SignalCase signal = new SignalCase(inputs);
    String method = Fields.text(inputs, "method");
    CoderSpec spec =
        switch (method) {
          case "ista" -> Coders.spec("ista");
          case "fista", "fista_restart" -> Coders.spec("fista");
          default -> throw new UnsupportedGolden("no method '" + method + "'");
        };
    double[] start = Fields.flat("alpha0", Fields.array(inputs, "alpha0"), signal.atoms);
    int k = 0;
    for (JsonNode iterate : Fields.array(expected, "iterates")) {
      k++;
      SparseCoder coder =
          signal.coder(
              spec,
              Map.of(
                  "lambda",
                  Fields.number(inputs, "lambda"),
                  "lipschitz",
                  Fields.number(inputs, "L"),
                  "restart",
                  method.endsWith("_restart") ? 1.0 : 0.0,
                  "tolerance",
                  0.0,
                  "max-sweeps",
                  (double) k));
      String where = method + "[" + k + "]";
      double[] code = signal.code(coder, start);
      tally.compare(where, Fields.flat(where, Fields.array(iterate, "alpha")), code);
      tally.compare(
          where + ".objective", Fields.number(iterate, "objective"), signal.objective(coder, code));
    }
  }
}
