package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import java.util.Map;

/** Whole rounds of the online method: codes, then the dictionary. A case is a run. */
public final class OnlineRun implements GoldenKind {
  @Override
  public String id() {
    return "odl_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      run(Fields.need(c, "inputs"), Fields.need(c, "expected"), tally);
    }
  }

  private static void run(JsonNode inputs, JsonNode expected, Tally tally) {
    Map<String, Double> hypers =
        Map.of(
            "lambda",
            Fields.number(inputs, "lambda"),
            "tolerance",
            1e-13,
            "max-sweeps",
            100_000.0,
            "replaced-share",
            0.0);
    double[] start = Matrices.columns(inputs, "D0");
    int m = Matrices.rows(inputs, "D0");
    int atoms = start.length / m;
    OnlineReplay replay = new OnlineReplay(inputs, start, m, hypers, null);
    JsonNode steps = Fields.array(expected, "steps");
    int t = 0;
    for (JsonNode batch : Fields.array(inputs, "X")) {
      JsonNode step = steps.path(t);
      String where = "step " + ++t;
      double[] x = Matrices.columns("X", batch);
      int n = x.length / m;
      double[] codes = new double[n * atoms];
      double[] objectives = new double[n];
      replay.method.encode(x, n, replay.state, codes, objectives, replay.workspace);
      tally.compare(where + ".codes", Matrices.columns(step, "codes"), codes);
      double sum = 0;
      for (double o : objectives) {
        sum += o;
      }
      tally.compare(
          where + ".batch_objective",
          Fields.number(step, "batch_objective_before_update"),
          sum / n);
      replay.step(x);
      replay.compare(where, step, tally);
    }
  }
}
