package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.cp.CpLeastSquares;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import java.util.Arrays;

/**
 * Block coordinate descent with proximal regularisation on a fixed set of signals: U, V, then the
 * codes. A case is a run.
 */
public final class CpRun implements GoldenKind {
  /** Blocks are solved this exactly, so that the file's tolerance is about the method. */
  private static final double EXACT = 1e-14;

  private static final int MANY_SWEEPS = 100_000;

  @Override
  public String id() {
    return "bcdpr_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      run(
          Fields.object(c, "inputs"),
          Fields.array(Fields.object(c, "expected"), "iterations"),
          tally);
    }
  }

  private static void run(JsonNode inputs, JsonNode iterations, Tally tally) {
    int n = Fields.array(inputs, "X").size();
    int rows = Matrices.rows(inputs, "U0");
    int columns = Matrices.rows(inputs, "V0");
    int atoms = Fields.integer(inputs, "rank", 1, Matrices.columnCount(inputs, "U0"));
    double[] x = Fields.flat("X", Fields.array(inputs, "X"), n * rows * columns);
    double prox = Fields.number(inputs, "prox_lambda");
    double[] u = Matrices.columns(inputs, "U0", rows, atoms);
    double[] v = Matrices.columns(inputs, "V0", columns, atoms);
    double[] w = Matrices.columns(inputs, "W0", atoms, n);
    CpLeastSquares blocks =
        new CpLeastSquares(rows, columns, atoms, EXACT, MANY_SWEEPS, ScalarBackend.INSTANCE);
    Workspace workspace = new Workspace();
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    double[] a = new double[atoms * atoms];
    double[] b = new double[atoms * rows * columns];
    double[] objectives = new double[n];
    for (int k = 0; k < iterations.size(); k++) {
      JsonNode expected = iterations.get(k);
      String where = "iteration " + (k + 1);
      blocks.accumulate(0, 1, x, ones, w, n, a, b, workspace);
      blocks.updateFactor(true, a, b, prox, u, v, workspace);
      blocks.updateFactor(false, a, b, prox, v, u, workspace);
      blocks.updateCodes(x, n, u, v, prox, w, objectives, workspace);
      tally.compare(where + ".U", Matrices.columns(expected, "U"), u);
      tally.compare(where + ".V", Matrices.columns(expected, "V"), v);
      tally.compare(where + ".W", Matrices.columns(expected, "W"), w);
      tally.compare(
          where + ".objective",
          Fields.number(expected, "objective"),
          Arrays.stream(objectives).sum());
    }
  }
}
