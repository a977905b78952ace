package io.millrace.bench.drift;

import io.millrace.bench.CpuClock;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.Outcome;
import io.millrace.core.monitor.Monitor;
import io.millrace.core.monitor.MonitorOptions;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What each part of a watch takes of an event, alone: logistic predictions of two classes, some of
 * them wrong, of many keys in turn, so that a key's numbers have left the caches when it comes
 * again.
 */
final class WatchTable {
  private static final InputSpec INPUT =
      new InputSpec(InputSpec.Kind.DENSE, 1, 1, InputSpec.Target.CLASS, List.of("0", "1"), 1);

  /** What is watched, by the name of the part. */
  static final Map<String, MonitorOptions> PARTS = parts();

  private final int keys;
  private final int events;

  /**
   * A table.
   *
   * @param events of a key that are timed, after as many that are not
   */
  WatchTable(int keys, int events) {
    this.keys = keys;
    this.events = events;
  }

  private static Map<String, MonitorOptions> parts() {
    Map<String, MonitorOptions> all = new LinkedHashMap<>();
    List<String> metrics = List.of("faded", "recent", "calibration", "recent-calibration", "auc");
    all.put("faded", options(List.of("faded"), false, ""));
    all.put("recent", options(List.of("recent"), false, ""));
    all.put("calibration", options(List.of("calibration"), false, ""));
    all.put("auc", options(List.of("auc", "recent-calibration"), false, ""));
    all.put("intervals", options(List.of(), true, ""));
    all.put("adwin", options(List.of(), false, "adwin"));
    all.put("hddm-a", options(List.of(), false, "hddm-a"));
    all.put("all", options(metrics, true, "adwin"));
    return all;
  }

  private static MonitorOptions options(List<String> metrics, boolean intervals, String detector) {
    return new MonitorOptions(
        metrics,
        Map.of(),
        intervals ? Map.of("coverage", 0.9) : Map.of(),
        detector,
        Map.of(),
        Map.of(),
        List.of(),
        1);
  }

  /** Nanoseconds that a part takes of an event, and its bytes of a key. */
  Map<String, Object> row(String part) {
    SupervisedLearner learner =
        new SupervisedLearner(
            SupervisedOptions.builder(INPUT, "logistic")
                .scaling(Scaling.NONE)
                .optimizer("sgd", Map.of())
                .build());
    Monitor monitor = PARTS.get(part).build(INPUT, learner.probabilities());
    Monitor.Scratch scratch = monitor.newScratch(new Workspace());
    LearnerState[] states = new LearnerState[keys];
    for (int k = 0; k < keys; k++) {
      states[k] = new LearnerState(monitor.schema());
    }
    SplittableRandom random = new SplittableRandom(7);
    int cycle = 1 << 14;
    double[] p = random.doubles(cycle).toArray();
    double[] y = new double[cycle];
    for (int i = 0; i < cycle; i++) {
      y[i] = random.nextDouble() < p[i] ? 1 : 0;
    }
    long begun = 0;
    Outcome o = new Outcome();
    o.scoreCount = 1;
    for (int i = 0; i < 2 * events; i++) {
      begun = i == events ? CpuClock.nanos() : begun;
      for (int k = 0; k < keys; k++) {
        int at = (i * keys + k) & (cycle - 1);
        o.scores[0] = p[at];
        o.loss = p[at];
        monitor.take(states[k], learner, o, y[at], "key", scratch);
      }
    }
    double nanos = (CpuClock.nanos() - begun) / ((double) events * keys);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("part", part);
    row.put("keys", keys);
    row.put("nanoseconds", nanos);
    row.put("state-bytes", monitor.schema().totalBytes());
    return row;
  }
}
