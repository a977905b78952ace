package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.rng.Draws;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import java.util.Arrays;
import java.util.List;
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
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
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
    JsonNode batches = Fields.array(inputs, "batches");
    JsonNode steps = Fields.array(expected, "steps", batches.size());
    for (int t = 1; t <= batches.size(); t++) {
      JsonNode batch = batches.get(t - 1);
      JsonNode step = steps.get(t - 1);
      String where = "step " + t;
      double[] x = replay.batch(inputs, "X", Fields.array(batch, "X"));
      int n = x.length / replay.method.dimension();
      double[] before = replay.state.block("dictionary").clone();
      replay.step(x, Matrices.columns(batch, "codes", replay.atoms, n));
      tally.exact(where + ".t", Fields.integer(step, "t"), (long) t);
      tally.compare(where + ".beta", Fields.number(step, "beta"), replay.keep(t, n));
      replay.compare(where, step, tally);
      tally.exact(
          where + ".atoms skipped",
          indexes(step, "atoms_skipped_A_jj_le_1e-6", replay.atoms),
          replay.atoms(before, true));
    }
  }

  /** A round whose codes are all zero leaves the statistics given as they are. */
  private static void replace(JsonNode inputs, JsonNode expected, Tally tally) {
    double[] x = Matrices.columns(inputs, "X");
    double[] d = Matrices.columns(inputs, "D");
    int m = Matrices.rows(inputs, "D");
    int atoms = d.length / m;
    if (Matrices.rows(inputs, "X") != m) {
      throw new MalformedGolden("'X' has " + Matrices.rows(inputs, "X") + " rows, D has " + m);
    }
    double[] noCodes = new double[x.length / m * atoms];
    JsonNode picks = Fields.array(inputs, "replacement_columns_in_order");
    double[] swept = new double[d.length];
    for (double share : new double[] {0, 1}) {
      OnlineReplay replay =
          new OnlineReplay(inputs, d, m, Map.of("replaced-share", share), new Picks(picks));
      replay.set("a", Matrices.columns(inputs, "A", atoms, atoms));
      replay.set("b", Matrices.columns(inputs, "B", m, atoms));
      replay.step(x, noCodes);
      if (share == 0) {
        tally.compare(
            "D_after_sweep",
            Matrices.columns(expected, "D_after_sweep"),
            replay.state.block("dictionary"));
        System.arraycopy(replay.state.block("dictionary"), 0, swept, 0, swept.length);
      } else {
        tally.exact("dead", indexes(expected, "dead", atoms), replay.atoms(swept, false));
        replay.compare("replaced", expected, tally);
      }
    }
  }

  private static List<Integer> indexes(JsonNode parent, String field, int atoms) {
    return Arrays.stream(Fields.integers(field, Fields.array(parent, field), 0, atoms - 1))
        .boxed()
        .toList();
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
