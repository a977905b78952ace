package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.coder.GreedyCoordinate;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Map;

/** Coordinate descent by several rules: which coordinate, how far. A case is a run. */
public final class CoordinateRun implements GoldenKind {
  @Override
  public String id() {
    return "bcd_run";
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

  private static void run(JsonNode inputs, JsonNode expected, Tally tally) {
    SignalCase signal = new SignalCase(inputs);
    String rule = Fields.text(inputs, "rule");
    double[] a = Fields.flat("alpha0", Fields.array(inputs, "alpha0"), signal.atoms);
    int[] coordinates =
        Fields.integers("coordinates", Fields.array(expected, "coordinates"), 0, signal.atoms - 1);
    double[] objectives =
        Fields.flat("objective", Fields.array(expected, "objective"), coordinates.length);
    double[] start = a;
    double[] g = new double[signal.atoms];
    for (int k = 0; k < coordinates.length; k++) {
      GreedyCoordinate coder =
          (GreedyCoordinate)
              signal.coder(
                  spec(rule),
                  Map.of(
                      "lambda",
                      Fields.number(inputs, "lambda"),
                      "tolerance",
                      0.0,
                      "active-set-finish",
                      0.0));
      CodeMeasures.gradient(signal.gram, signal.c, 0, a, 0, g, 0);
      String where = rule + "[" + k + "]";
      tally.exact(where + ".coordinate", coordinates[k], coder.choose(signal.gram, g, a, 0, k));
      a = start.clone();
      coder.descend(signal.gram, signal.c, 0, signal.xx, a, 0, k + 1, signal.workspace);
      tally.compare(where + ".objective", objectives[k], signal.objective(coder, a));
    }
    tally.compare(rule + ".alpha", Fields.flat("alpha", Fields.array(expected, "alpha")), a);
  }

  private static CoderSpec spec(String rule) {
    return switch (rule) {
      case "cyclic" -> GreedyCoordinate.CYCLIC;
      case "gs_s" -> GreedyCoordinate.GS_S;
      case "gs_r" -> GreedyCoordinate.GS_R;
      case "gs_q" -> GreedyCoordinate.GS_Q;
      // One and the same for a quadratic; the file lists both and shows that they agree.
      case "gsl_q", "exact_max_progress" -> GreedyCoordinate.GSL_Q;
      default -> throw new UnsupportedGolden("no rule '" + rule + "'");
    };
  }
}
