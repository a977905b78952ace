package io.millrace.bench.dictionary;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.state.LearnerState;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** The job's own learner with its defaults; only the calls that learn are timed. */
final class MillraceLearner implements SignalLearner {
  private static final String KEY = "bench";

  private final String name;
  private final SignalTask task;
  private final OnlineLearner learner;

  MillraceLearner(SignalTask task) {
    this(task, "scalar");
  }

  /** On another compute backend than the reference. */
  MillraceLearner(SignalTask task, String backend) {
    this.task = task;
    name = backend.equals("scalar") ? "millrace" : "millrace, " + backend;
    this.learner = new DictionaryLearner(task.problem().options(task).withBackend(backend));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Pass pass() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, KEY);
    Workspace workspace = new Workspace();
    Rows rows = learner.newRows();
    double[] heldOut = new double[task.marks().size()];
    long cpu = 0;
    long wall = 0;
    int seen = 0;
    while (seen < task.samples()) {
      fill(rows, seen % task.count());
      long wallBefore = System.nanoTime();
      long cpuBefore = threads.getCurrentThreadCpuTime();
      StepOutcome outcome = learner.learn(rows, state, KEY, workspace);
      cpu += threads.getCurrentThreadCpuTime() - cpuBefore;
      wall += System.nanoTime() - wallBefore;
      if (outcome.kind() != StepOutcome.Kind.LEARNED) {
        throw new IllegalStateException("a batch was not learned from: " + outcome);
      }
      seen += rows.count();
      int mark = task.marks().indexOf(seen);
      if (mark >= 0) {
        heldOut[mark] = task.heldOut(state.block("dictionary"), 0);
      }
    }
    return new Pass(cpu / 1e9, wall / 1e9, heldOut);
  }

  private void fill(Rows rows, int from) {
    int m = task.dimension();
    rows.clear();
    for (int r = from; r < from + task.batch(); r++) {
      rows.beginRow();
      int at = rows.extend(m);
      System.arraycopy(task.train(), r * m, rows.value(), at, m);
      rows.endRow(Double.NaN, 1);
    }
  }
}
