package io.millrace.bench.tree;

import com.sun.management.ThreadMXBean;
import io.millrace.core.catalog.Learners;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.state.LearnerState;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A learner that has grown, and what the next events cost it. Parts are measured one in another:
 * each does what the one before it does, and something more, from the same state on.
 */
final class GrownLearner {
  private static final String KEY = "bench";

  /** Events between two looks at the clock. */
  private static final int BLOCK = 500;

  /** A weight that no leaf comes to: none looks for a test. */
  private static final double NEVER = 1e18;

  /**
   * Something that is done with an event.
   *
   * @param name what, for people
   * @param learns whether the event is learned, else predicted
   */
  record Part(String name, OnlineLearner learner, boolean learns) {}

  /**
   * What an event has cost.
   *
   * @param nanos CPU time
   * @param bytes allocated
   */
  record Cost(double nanos, double bytes) {}

  private final Uniform stream;
  private final LearnerState grown;
  private final List<Part> parts = new ArrayList<>();
  private final Workspace workspace = new Workspace();
  private final Outcome outcome = new Outcome();

  /**
   * Grows a learner.
   *
   * @param kind of {@link Learners}, at its defaults
   * @param events that it grows by
   */
  GrownLearner(String kind, int width, int events) {
    stream = new Uniform(width, !kind.equals("regression-tree"), 0);
    LearnerSetup setup = LearnerSetup.of(kind, stream.input());
    OnlineLearner learner = Learners.make(setup);
    switch (kind) {
      case "tree", "forest" -> {
        LearnerSetup counts = setup.withWords(Map.of("leaf", "majority"));
        parts.add(new Part("route, count", Learners.make(counts), false));
        parts.add(new Part("and vote by naive Bayes", learner, false));
        parts.add(grownUp(learner));
        parts.add(new Part("and look for tests: all", learner, true));
      }
      case "regression-tree" -> {
        parts.add(new Part("predict", learner, false));
        parts.add(grownUp(learner));
        parts.add(new Part("and look for tests: all", learner, true));
      }
      default -> {
        parts.add(new Part("predict", learner, false));
        parts.add(new Part("and learn: all", learner, true));
      }
    }
    grown = new LearnerState(learner.schema());
    learner.initialize(grown, KEY);
    go(new Part("", learner, true), grown, events);
  }

  private static Part grownUp(OnlineLearner learner) {
    return new Part("and learn, without growing", learner.with(Map.of("grace", NEVER)), true);
  }

  /** What is measured, from the least to everything. */
  List<Part> parts() {
    return parts;
  }

  /** Bytes of the grown state. */
  long stateBytes() {
    return grown.bytes();
  }

  /** Measures the next events, from the grown state on, which stays as it is. */
  Cost measure(Part part, int events) {
    return go(part, grown.copy(), events);
  }

  private Cost go(Part part, LearnerState state, int events) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Rows all = part.learner().newRows();
    for (int i = 0; i < BLOCK; i++) {
      stream.next(all); // has the array grow before anything is counted
    }
    Rows row = part.learner().newRows();
    long cpu = 0;
    long allocated = 0;
    for (int done = 0; done < events; done += BLOCK) {
      all.clear();
      for (int i = 0; i < BLOCK; i++) {
        stream.next(all);
      }
      long bytes = threads.getCurrentThreadAllocatedBytes();
      long begun = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < BLOCK; i++) {
        row.clear();
        row.addRow(all, i);
        one(part, row, state);
      }
      cpu += threads.getCurrentThreadCpuTime() - begun;
      allocated += threads.getCurrentThreadAllocatedBytes() - bytes;
    }
    int n = (events + BLOCK - 1) / BLOCK * BLOCK;
    return new Cost((double) cpu / n, (double) allocated / n);
  }

  private void one(Part part, Rows row, LearnerState state) {
    if (!part.learns()) {
      part.learner().predict(row, 0, state, outcome, workspace);
    } else if (part.learner().learnOne(row, state, KEY, outcome, workspace).kind()
        != StepOutcome.Kind.LEARNED) {
      throw new IllegalStateException(part.learner().algorithm() + " has refused an event");
    }
  }
}
