package io.millrace.bench.tree;

import io.millrace.bench.CpuClock;
import io.millrace.core.catalog.Learners;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.state.LearnerState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A learner over a long stream whose rule changes, which is to stay within its bytes. */
final class LongStream {
  private static final String KEY = "bench";

  private final String kind;
  private final Uniform stream;
  private final OnlineLearner learner;

  /**
   * A stream.
   *
   * @param kind of {@link Learners}, at its defaults
   * @param changeEvery events under one rule
   */
  LongStream(String kind, int width, int changeEvery) {
    this.kind = kind;
    this.stream = new Uniform(width, !kind.equals("regression-tree"), changeEvery);
    this.learner = Learners.make(LearnerSetup.of(kind, stream.input()));
  }

  /**
   * Learns.
   *
   * @throws IllegalStateException where the state passes what it may come to
   */
  Map<String, Object> learn(int events) {
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, KEY);
    Workspace workspace = new Workspace();
    Outcome outcome = new Outcome();
    Rows row = learner.newRows();
    long most = 0;
    long right = 0;
    long begun = CpuClock.nanos();
    for (int i = 0; i < events; i++) {
      row.clear();
      stream.next(row);
      learner.learnOne(row, state, KEY, outcome, workspace);
      right += Math.max(0, outcome.correct);
      long bytes = state.bytes();
      if (bytes > learner.mostBytes()) {
        throw new IllegalStateException(
            kind
                + " has "
                + bytes
                + " bytes after event "
                + i
                + ", at most "
                + learner.mostBytes());
      }
      most = Math.max(most, bytes);
    }
    Map<String, Double> figures = new TreeMap<>();
    learner.figures(state, figures::put);
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("learner", kind);
    report.put("events", events);
    report.put("most-bytes", most);
    report.put("bound", learner.mostBytes());
    report.put("nanoseconds", (CpuClock.nanos() - begun) / (double) Math.max(1, events));
    report.put("accuracy", outcome.correct < 0 ? Double.NaN : right / (double) events);
    report.put("figures", figures);
    return report;
  }
}
