package io.millrace.bench.drift;

import io.millrace.cli.bench.Benchmark;
import io.millrace.core.drift.DetectorSpec;
import io.millrace.core.drift.Detectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How soon detectors tell a drift, how often for nothing, and what a reaction is worth. */
public final class DriftBenchmark implements Benchmark {
  private static final double[][] CHANGES = {{0.1, 0.2}, {0.1, 0.3}, {0.3, 0.5}};
  private static final double[] RATES = {0.01, 0.05, 0.2};
  private static final List<String> WATCHED = List.of("adwin", "hddm-a", "hddm-w");
  private static final List<String> REACTIONS = List.of("none", "reset", "boost", "swap");

  private static final int MANY_KEYS = 1000;
  private static final int WATCH_EVENTS = 2_000_000;

  @Override
  public String name() {
    return "drift";
  }

  @Override
  public String description() {
    return "detectors on errors whose rate changes once: false alarms, delay, F1, nanoseconds; and"
        + " loss after a change with and without a reaction";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of("streams", 100L, "reaction-streams", 8L);
  }

  @Override
  public Map<String, Object> run(Run run) {
    run.requirePositive("streams", "reaction-streams");
    DetectorTable detectors = new DetectorTable(run.count("streams"));
    run.output()
        .say(
            "%n%-14s %10s %12s %9s %8s %8s %6s %8s %8s",
            "detector",
            "change",
            "false/10000",
            "detected",
            "delay",
            "of 2000",
            "F1",
            "ns",
            "bytes");
    List<Map<String, Object>> told = new ArrayList<>();
    for (DetectorSpec spec : Detectors.ALL) {
      detectors.row(spec, 0.1, 0.3); // compiled before it is timed
      for (double[] c : CHANGES) {
        Map<String, Object> r = detectors.row(spec, c[0], c[1]);
        told.add(r);
        run.output()
            .say(
                "%-14s %4.1f to %.1f %12.2f %9.2f %8.0f %8.2f %6.2f %8.1f %8d",
                spec.id(),
                c[0],
                c[1],
                r.get("false-alarms-per-10000"),
                r.get("detected"),
                r.get("mean-delay"),
                r.get("normalised-delay"),
                r.get("f1"),
                r.get("nanoseconds"),
                r.get("state-bytes"));
      }
    }
    ReactionTable reactions = new ReactionTable(run.count("reaction-streams"));
    run.output()
        .say(
            "%n%-10s %-8s %6s %12s %12s %12s",
            "detector", "reaction", "rate", "loss", "errors", "in first 500");
    List<Map<String, Object>> reacted = new ArrayList<>();
    for (double rate : RATES) {
      for (String detector : WATCHED) {
        for (String reaction : REACTIONS) {
          Map<String, Object> r = reactions.row(detector, reaction, rate);
          reacted.add(r);
          run.output()
              .say(
                  "%-10s %-8s %6.2f %12.4f %12.4f %12.4f",
                  detector,
                  reaction,
                  rate,
                  r.get("loss-after-change"),
                  r.get("error-after-change"),
                  r.get("error-in-500"));
        }
      }
    }
    return Map.of("detectors", told, "reactions", reacted, "watch", watch(run));
  }

  /** What each part of a watch takes of an event, alone. */
  private static List<Map<String, Object>> watch(Run run) {
    run.output().say("%n%-12s %6s %8s %8s", "watched", "keys", "ns", "bytes");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int keys : new int[] {1, MANY_KEYS}) {
      WatchTable table = new WatchTable(keys, WATCH_EVENTS / keys);
      WatchTable.PARTS.keySet().forEach(table::row); // compiled before it is timed
      for (String part : WatchTable.PARTS.keySet()) {
        Map<String, Object> r = table.row(part);
        rows.add(r);
        run.output()
            .say("%-12s %6d %8.1f %8d", part, keys, r.get("nanoseconds"), r.get("state-bytes"));
      }
    }
    return rows;
  }
}
