package io.millrace.bench.learner;

import com.sun.management.ThreadMXBean;
import io.millrace.bench.HeapUse;
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
import io.millrace.core.supervised.StateForm;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
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
  private LearnerState learned;

  MillraceContender(String name, Samples samples, double rate, Scaling scaling) {
    this(
        name,
        samples,
        options(samples.shape(), rate).withScaling(scaling).withForm(StateForm.DENSE));
  }

  MillraceContender(String name, Samples samples, SupervisedOptions options) {
    this.name = name;
    this.samples = samples;
    this.learner = new SupervisedLearner(options);
  }

  /** An optimizer at its defaults, all but SGD with the scaling of jobs, in a form of state. */
  static MillraceContender ofForm(String optimizer, Samples samples, StateForm form) {
    return new MillraceContender(
        "millrace, " + optimizer + ", " + form.name().toLowerCase(Locale.ROOT),
        samples,
        options(samples.shape(), 0.01)
            .withOptimizer(optimizer, Map.of())
            .withScaling(optimizer.equals("sgd") ? Scaling.NONE : Scaling.STANDARD)
            .withForm(form));
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
    learned = state;
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

  /** Bytes of the key at the end of the last pass. */
  long stateBytes() {
    return learned.bytes();
  }

  /** Heap that one key takes at the end of the last pass, measured over many. */
  double heapBytesPerKey() {
    int keys = (int) Math.max(4, Math.min(20_000, (64L << 20) / Math.max(1, stateBytes())));
    LearnerState[] all = new LearnerState[keys];
    long before = HeapUse.afterCollection();
    for (int i = 0; i < keys; i++) {
      all[i] = learned.copy();
    }
    long after = HeapUse.afterCollection();
    if (all[keys - 1].steps() != samples.count()) {
      throw new IllegalStateException("a copy has not the steps of the learned state");
    }
    return (double) (after - before) / keys;
  }
}
