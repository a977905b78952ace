package io.millrace.bench.optimizer;

import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.SlotSizes;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/**
 * What a step must move at least, in doubles per parameter: one read of every vector it is given;
 * of parameters and slots a read of each that the result depends on and a write of each that
 * changes; a write of every point that it makes up to ask about. Found out on a small vector by
 * changing one thing at a time and stepping again.
 *
 * @param perStep by number of the step
 * @param onePass whether every coordinate's step depends on that coordinate alone and nothing is
 *     asked about a point that the step makes up: then one pass over the vectors is enough
 */
record Traffic(double[] perStep, boolean onePass) {
  private static final int LENGTH = 64;
  private static final ParamLayout LAYOUT = ParamLayout.vector(LENGTH);
  private static final double[][] SOURCES = ReadyObjective.sources(LENGTH + 1);

  /** Of the first steps. */
  static Traffic of(Subject subject, int steps) {
    OptimizerRun run = subject.run(LAYOUT, SOURCES);
    Set<String> elementwise =
        new HashSet<>(SlotSizes.of(subject.optimizer(), LAYOUT).elementwise());
    elementwise.add(OptimizerRun.THETA);
    double[] perStep = new double[steps];
    boolean onePass = true;
    for (int t = 0; t < steps; t++) {
      Probe probe = new Probe(run, elementwise, subject.spec().defaultLearningRate());
      perStep[t] = probe.doubles();
      onePass &= probe.onePass();
      run = probe.after;
    }
    return new Traffic(perStep, onePass);
  }

  /** Mean over all steps. */
  double mean() {
    return Arrays.stream(perStep).average().orElse(0);
  }

  /** One step, and the same step after changes. */
  private static final class Probe {
    private final OptimizerRun before;
    private final Set<String> elementwise;
    private final double learningRate;
    private final ReadyObjective objective;
    final OptimizerRun after;

    Probe(OptimizerRun before, Set<String> elementwise, double learningRate) {
      this.before = before;
      this.elementwise = elementwise;
      this.learningRate = learningRate;
      this.after = before.copy();
      this.objective = step(after, SOURCES);
    }

    private ReadyObjective step(OptimizerRun run, double[][] sources) {
      ReadyObjective f = Subject.objective(run, LAYOUT, sources);
      f.begin(run.steps());
      run.step(f, learningRate);
      return f;
    }

    double doubles() {
      double sum = objective.answers() + objective.points();
      LearnerState was = before.state();
      LearnerState is = after.state();
      for (int i = 0; i < was.schema().size(); i++) {
        double[] old = was.block(i);
        if (elementwise.contains(was.schema().name(i))) {
          boolean written = !Arrays.equals(old, is.block(i));
          sum += (written ? 1 : 0) + (read(i, written) ? 1 : 0);
        } else if (old.length > LENGTH) {
          // Of a table, the elements that change are read and written.
          sum += 2.0 * differing(old, is.block(i), 0) / LENGTH;
        }
      }
      return sum;
    }

    /** Whether the result depends on what a block holds. */
    private boolean read(int block, boolean written) {
      OptimizerRun changed = before.copy();
      double[] x = changed.state().block(block);
      for (int i = 0; i < x.length; i++) {
        x[i] = change(x[i]);
      }
      step(changed, SOURCES);
      for (int i = 0; i < changed.state().schema().size(); i++) {
        boolean differs = !Arrays.equals(changed.state().block(i), after.state().block(i));
        if (differs && (i != block || written)) {
          return true;
        }
      }
      return false;
    }

    private static double change(double x) {
      return 1.25 * x + 0.01;
    }

    /** Large changes as well: small ones may not lift a rule off a bound that it has met. */
    boolean onePass() {
      return objective.points() == 0
          && aloneAt(Probe::change)
          && aloneAt(x -> 1e4 * x)
          && aloneAt(x -> -x);
    }

    /** Whether a change at the first coordinate has no effect on the others. */
    private boolean aloneAt(DoubleUnaryOperator change) {
      OptimizerRun changed = before.copy();
      double[][] sources = {SOURCES[0].clone(), SOURCES[1].clone()};
      for (double[] source : sources) {
        source[0] = change.applyAsDouble(source[0]);
      }
      for (String name : elementwise) {
        double[] x = changed.state().block(name);
        x[0] = change.applyAsDouble(x[0]);
      }
      step(changed, sources);
      return elementwise.stream()
          .allMatch(n -> differing(changed.state().block(n), after.state().block(n), 1) == 0);
    }

    private static int differing(double[] a, double[] b, int from) {
      int n = 0;
      for (int i = from; i < a.length; i++) {
        n += Double.doubleToRawLongBits(a[i]) == Double.doubleToRawLongBits(b[i]) ? 0 : 1;
      }
      return n;
    }
  }
}
