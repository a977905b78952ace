package io.millrace.golden.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.drift.feature.Bins;
import io.millrace.core.drift.feature.Distance;
import io.millrace.core.drift.feature.Psi;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A feature against its reference: numbers, or categories. A case is a pair of samples. */
public final class DataDriftRun implements GoldenKind {
  @Override
  public String id() {
    return "data_drift";
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
      String where = Fields.text(inputs, "case");
      double floor = Fields.number(inputs, "floor");
      if (!(floor > 0 && floor < 1)) {
        throw new MalformedGolden(where + ": floor = " + floor + "; must lie in (0, 1)");
      }
      if (Fields.need(inputs, "reference").isObject()) {
        categories(where, inputs, expected, floor, tally);
      } else {
        numbers(where, inputs, expected, floor, tally);
      }
    }
  }

  private static double[] sorted(double[] values) {
    double[] s = values.clone();
    Arrays.sort(s);
    return s;
  }

  private static double[] present(JsonNode values) {
    List<Double> present = new ArrayList<>();
    for (JsonNode v : values) {
      if (!v.isNull()) {
        present.add(Fields.number("current", v));
      }
    }
    return present.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void numbers(
      String where, JsonNode inputs, JsonNode expected, double floor, Tally tally) {
    double[] reference = sorted(Fields.flat("reference", Fields.array(inputs, "reference")));
    JsonNode all = Fields.array(inputs, "current");
    double[] current = sorted(present(all));
    int n = reference.length;
    int m = current.length;
    if (n == 0 || m == 0) {
      throw new MalformedGolden(where + ": a sample is empty");
    }
    int missing = all.size() - m;
    tally.exact(where + ".missing", Fields.integer(expected, "missing"), (long) missing);
    tally.compare(
        where + ".missing_share",
        Fields.number(expected, "missing_share"),
        missing / (double) all.size());
    double[] room = new double[Fields.integer(inputs, "bins", 2, 1000) - 1];
    int edges = Bins.edges(reference, n, room.length + 1, room, 0);
    tally.compare(
        where + ".edges",
        Fields.flat("edges", Fields.array(expected, "edges")),
        Arrays.copyOf(room, edges));
    double[] of = new double[edges + 1];
    double[] now = new double[edges + 1];
    Arrays.stream(reference).forEach(v -> of[Bins.bin(room, 0, edges, v)]++);
    Arrays.stream(current).forEach(v -> now[Bins.bin(room, 0, edges, v)]++);
    tally.compare(where + ".reference_counts", counts(expected, "reference_counts"), of);
    tally.compare(where + ".current_counts", counts(expected, "current_counts"), now);
    tally.compare(
        where + ".psi",
        Fields.number(expected, "psi"),
        Psi.of(of, 0, n, now, 0, m, edges + 1, floor));
    tally.compare(
        where + ".ks_exact",
        Fields.number(expected, "ks_exact"),
        Distance.kolmogorov(reference, current));
    tally.compare(
        where + ".ks_binned",
        Fields.number(expected, "ks_binned"),
        Distance.kolmogorov(of, 0, n, now, 0, m, edges + 1));
    tally.compare(
        where + ".w1_exact",
        Fields.number(expected, "w1_exact"),
        Distance.wasserstein(reference, current));
    if (reference[0] < reference[n - 1]) {
      cells(where, reference, current, expected, tally);
    }
  }

  private static double[] counts(JsonNode expected, String field) {
    return Fields.flat(field, Fields.array(expected, field));
  }

  private static void cells(
      String where, double[] reference, double[] current, JsonNode expected, Tally tally) {
    double[] grid = Fields.flat("grid", Fields.array(expected, "grid"), 3);
    double low = reference[0];
    double high = reference[reference.length - 1];
    if (!(grid[2] >= 1 && grid[2] <= 100_000)) {
      throw new MalformedGolden(where + ": grid of " + grid[2] + " cells");
    }
    int cells = (int) grid[2];
    tally.compare(where + ".grid", grid, new double[] {low, high, cells});
    double width = (high - low) / cells;
    double[] of = new double[cells];
    double[] now = new double[cells];
    Arrays.stream(reference).forEach(v -> of[Bins.cell(low, width, cells, v)]++);
    Arrays.stream(current).forEach(v -> now[Bins.cell(low, width, cells, v)]++);
    tally.compare(
        where + ".w1_binned",
        Fields.number(expected, "w1_binned"),
        Distance.wasserstein(of, 0, reference.length, now, 0, current.length, cells, width));
    tally.compare(where + ".w1_bound", Fields.number(expected, "w1_bound"), width);
    tally.exact(
        where + ".outside",
        Fields.integer(expected, "outside"),
        Arrays.stream(current).filter(v -> v < low || v > high).count());
  }

  private static void categories(
      String where, JsonNode inputs, JsonNode expected, double floor, Tally tally) {
    JsonNode reference = Fields.object(inputs, "reference");
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, JsonNode> e : reference.properties()) {
      names.add(e.getKey());
    }
    names.add("other");
    double[] of = new double[names.size()];
    double[] now = new double[names.size()];
    for (int i = 0; i + 1 < of.length; i++) {
      of[i] = count(reference.get(names.get(i)));
    }
    for (Map.Entry<String, JsonNode> e : Fields.object(inputs, "current").properties()) {
      int place = names.subList(0, now.length - 1).indexOf(e.getKey());
      now[place < 0 ? now.length - 1 : place] += count(e.getValue());
    }
    double n = Arrays.stream(of).sum();
    double m = Arrays.stream(now).sum();
    if (n == 0 || m == 0) {
      throw new MalformedGolden(where + ": a sample is empty");
    }
    List<String> expectedNames = new ArrayList<>();
    Fields.array(expected, "bins").forEach(v -> expectedNames.add(v.asText()));
    tally.exact(where + ".bins", expectedNames, names);
    tally.compare(where + ".current_counts", counts(expected, "current_counts"), now);
    tally.compare(
        where + ".psi",
        Fields.number(expected, "psi"),
        Psi.of(of, 0, n, now, 0, m, names.size(), floor));
  }

  private static double count(JsonNode v) {
    return Fields.integer("count", v, 0, Integer.MAX_VALUE);
  }
}
