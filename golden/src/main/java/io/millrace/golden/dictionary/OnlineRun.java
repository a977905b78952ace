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
      run(Fields.object(c, "inputs"), Fields.object(c, "expected"), tally);
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
    OnlineReplay replay = new OnlineReplay(inputs, start, m, hypers, null);
    JsonNode batches = Fields.array(inputs, "X");
    JsonNode steps = Fields.array(expected, "steps", batches.size());
    for (int t = 1; t <= batches.size(); t++) {
      JsonNode step = steps.get(t - 1);
      String where = "step " + t;
      tally.exact(where + ".t", Fields.integer(step, "t"), (long) t);
      double[] x = replay.batch(inputs, "X", batches.get(t - 1));
      int n = x.length / m;
      double[] codes = new double[n * replay.atoms];
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
