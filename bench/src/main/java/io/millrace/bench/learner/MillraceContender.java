package io.millrace.bench.learner;

import com.sun.management.ThreadMXBean;
import io.millrace.bench.samples.Samples;
import io.millrace.bench.samples.Shape;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;

/**
 * The job's own learner: logistic loss, SGD, mini-batch 1. Every example is copied out of its
 * 32-bit floats into a row, predicted, then learned from; all of that is timed.
 */
final class MillraceContender implements Contender {
  private static final String KEY = "bench";

  private final String name;
  private final Samples samples;
  private final OnlineLearner learner;
  private double accuracy;
  private double allocatedBytes;

  MillraceContender(String name, Samples samples, double rate, Scaling scaling) {
    this.name = name;
    this.samples = samples;
    this.learner = new SupervisedLearner(options(samples.shape(), rate).withScaling(scaling));
  }

  /** Settings of the measured learner. */
  static SupervisedOptions options(Shape shape, double rate) {
    InputSpec input =
        new InputSpec(
            shape.dense() ? InputSpec.Kind.DENSE : InputSpec.Kind.SPARSE,
            shape.dimension(),
            18,
            InputSpec.Target.CLASS,
            List.of("0", "1"),
            shape.dimension());
    return SupervisedOptions.of(input, "logistic", "sgd", Map.of("learning-rate", rate));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Pass pass() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, KEY);
    Workspace workspace = new Workspace();
    Outcome outcome = new Outcome();
    Rows rows = learner.newRows();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    long wall = System.nanoTime();
    long cpu = threads.getCurrentThreadCpuTime();
    long correct = 0;
    for (int i = 0; i < samples.count(); i++) {
      rows.clear();
      samples.addTo(rows, i);
      StepOutcome step = learner.learnOne(rows, state, KEY, outcome, workspace);
      correct += outcome.correct;
      if (step.kind() != StepOutcome.Kind.LEARNED) {
        throw new IllegalStateException("example " + i + " was not learned from");
      }
    }
    cpu = threads.getCurrentThreadCpuTime() - cpu;
    wall = System.nanoTime() - wall;
    allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
    accuracy = (double) correct / samples.count();
    allocatedBytes = (double) allocated / samples.count();
    return new Pass(cpu / 1e9, wall / 1e9);
  }

  /** Progressive accuracy of the last pass. */
  double accuracy() {
    return accuracy;
  }

  /** Heap bytes allocated per example in the last pass. */
  double allocatedBytesPerExample() {
    return allocatedBytes;
  }

  /** Doubles of one key, in bytes. */
  long stateBytes() {
    return learner.schema().totalBytes();
  }

  /** Heap that one key takes, measured over many. */
  double heapBytesPerKey() {
    int keys = (int) Math.max(4, Math.min(20_000, (64L << 20) / Math.max(1, stateBytes())));
    LearnerState[] all = new LearnerState[keys];
    long before = usedAfterCollection();
    for (int i = 0; i < keys; i++) {
      all[i] = new LearnerState(learner.schema());
      learner.initialize(all[i], KEY);
    }
    long after = usedAfterCollection();
    if (all[keys - 1].steps() != 0) {
      throw new IllegalStateException("a fresh state has steps");
    }
    return (double) (after - before) / keys;
  }

  private static long usedAfterCollection() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }
}
