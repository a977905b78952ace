package io.millrace.bench.tree;

import io.millrace.bench.Figures;
import io.millrace.cli.bench.Benchmark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an event costs learners without a gradient, where it goes, and what they keep. */
public final class TreesBenchmark implements Benchmark {
  private static final List<String> GROWN =
      List.of("tree", "forest", "regression-tree", "naive-bayes", "adpredictor");
  private static final List<String> BOUNDED = List.of("tree", "forest", "regression-tree");

  @Override
  public String name() {
    return "trees";
  }

  @Override
  public String description() {
    return "time of an event of trees, forests and other learners without a gradient, where it goes,"
        + " bytes allocated; bytes of state over a long stream that drifts";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of(
        "features", 32L,
        "grow-events", 200_000L,
        "events", 20_000L,
        "repetitions", 7L,
        "drift-events", 1_000_000L,
        "drift-every", 50_000L);
  }

  @Override
  public Map<String, Object> run(Run run) {
    run.requirePositive("features", "grow-events", "events", "repetitions", "drift-every");
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("parts", parts(run));
    all.put("drift", drift(run));
    return all;
  }

  private static List<Map<String, Object>> parts(Run run) {
    run.output()
        .say(
            "%n%-16s %-34s %12s %12s %12s %12s",
            "learner", "of an event", "ns", "least", "most", "B allocated");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String kind : GROWN) {
      GrownLearner grown = new GrownLearner(kind, run.count("features"), run.count("grow-events"));
      for (GrownLearner.Part part : grown.parts()) {
        double[] nanos = new double[run.count("repetitions")];
        double[] bytes = new double[nanos.length];
        grown.measure(part, run.count("events")); // warms up
        for (int r = 0; r < nanos.length; r++) {
          GrownLearner.Cost cost = grown.measure(part, run.count("events"));
          nanos[r] = cost.nanos();
          bytes[r] = cost.bytes();
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("learner", kind);
        row.put("part", part.name());
        row.put("nanoseconds", Figures.summary(nanos));
        row.put("allocated-bytes", Figures.summary(bytes));
        row.put("state-bytes", grown.stateBytes());
        rows.add(row);
        Map<String, Object> n = Figures.summary(nanos);
        run.output()
            .say(
                "%-16s %-34s %12.0f %12.0f %12.0f %12.3f",
                kind,
                part.name(),
                n.get("median"),
                n.get("min"),
                n.get("max"),
                Figures.median(bytes));
      }
      run.output().say("%-16s %,d bytes of state", "", grown.stateBytes());
    }
    return rows;
  }

  private static List<Map<String, Object>> drift(Run run) {
    run.output()
        .say(
            "%n%-16s %12s %14s %14s %14s %10s",
            "learner", "events", "most bytes", "bound", "ns an event", "accuracy");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String kind : BOUNDED) {
      LongStream stream = new LongStream(kind, run.count("features"), run.count("drift-every"));
      Map<String, Object> row = stream.learn(run.count("drift-events"));
      rows.add(row);
      run.output()
          .say(
              "%-16s %,12d %,14d %,14d %14.0f %10.4f",
              kind,
              row.get("events"),
              row.get("most-bytes"),
              row.get("bound"),
              row.get("nanoseconds"),
              row.get("accuracy"));
      run.output().say("%-16s %s", "", row.get("figures"));
    }
    return rows;
  }
}
