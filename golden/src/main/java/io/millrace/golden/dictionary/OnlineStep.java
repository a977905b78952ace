package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.rng.Draws;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import java.util.Map;

/**
 * The dictionary half of the online method, codes given: statistics, sweep, and where the file
 * lists replacement columns the replacement of unused atoms. A case is a run.
 */
public final class OnlineStep implements GoldenKind {
  @Override
  public String id() {
    return "odl_step";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      JsonNode inputs = Fields.need(c, "inputs");
      JsonNode expected = Fields.need(c, "expected");
      if (inputs.has("batches")) {
        run(inputs, expected, tally);
      } else {
        replace(inputs, expected, tally);
      }
    }
  }

  private static void run(JsonNode inputs, JsonNode expected, Tally tally) {
    OnlineReplay replay =
        new OnlineReplay(
            inputs,
            Matrices.columns(inputs, "D0"),
            Matrices.rows(inputs, "D0"),
            Map.of("replaced-share", 0.0),
            null);
    JsonNode steps = Fields.array(expected, "steps");
    int t = 0;
    for (JsonNode batch : Fields.array(inputs, "batches")) {
      replay.step(Matrices.columns(batch, "X"), Matrices.columns(batch, "codes"));
      JsonNode step = steps.path(t);
      replay.compare("step " + ++t, step, tally);
      tally.exact(
          "step " + t + ".unused atoms",
          Fields.array(step, "atoms_skipped_A_jj_le_1e-6").size(),
          replay.unused());
    }
  }

  /** A round whose codes are all zero leaves the statistics given as they are. */
  private static void replace(JsonNode inputs, JsonNode expected, Tally tally) {
    double[] x = Matrices.columns(inputs, "X");
    double[] d = Matrices.columns(inputs, "D");
    int m = Matrices.rows(inputs, "D");
    double[] noCodes = new double[x.length / m * (d.length / m)];
    JsonNode picks = Fields.array(inputs, "replacement_columns_in_order");
    for (double share : new double[] {0, 1}) {
      OnlineReplay replay =
          new OnlineReplay(inputs, d, m, Map.of("replaced-share", share), new Picks(picks));
      replay.set("a", Matrices.columns(inputs, "A"));
      replay.set("b", Matrices.columns(inputs, "B"));
      replay.step(x, noCodes);
      if (share == 0) {
        tally.compare(
            "D_after_sweep",
            Matrices.columns(expected, "D_after_sweep"),
            replay.state.block("dictionary"));
        tally.exact("dead", Fields.array(expected, "dead").size(), replay.unused());
      } else {
        replay.compare("replaced", expected, tally);
      }
    }
  }

  /** Draws that are the columns listed. */
  private record Picks(JsonNode columns) implements Draws {
    @Override
    public int index(long index, int bound) {
      JsonNode column = columns.path((int) index);
      if (!column.isInt() || column.intValue() < 0 || column.intValue() >= bound) {
        throw new MalformedGolden("replacement " + index + " is " + column + " of " + bound);
      }
      return column.intValue();
    }

    @Override
    public double uniform(long index) {
      throw new IllegalStateException("no uniform numbers are drawn here");
    }

    @Override
    public double normal(long index) {
      throw new IllegalStateException("no normals are drawn here");
    }

    @Override
    public Draws fork(int purpose) {
      return this;
    }
  }
}
