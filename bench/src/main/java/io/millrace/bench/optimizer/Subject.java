package io.millrace.bench.optimizer;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.SlotSizes;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** An optimizer at its defaults, about to be measured. */
record Subject(OptimizerSpec spec, Optimizer optimizer) {
  /** Steps in which a method that works on matrices shows it. */
  private static final int TRIAL_STEPS = 12;

  private static final int TRIAL_SIDE = 8;

  static Subject of(OptimizerSpec spec) {
    return new Subject(spec, Optimizers.configure(spec.id(), Map.of()).optimizer());
  }

  /** Parameters as one matrix. */
  static ParamLayout matrix(int rows, int cols) {
    return new ParamLayout(List.of(new ParamLayout.Block("theta", rows, cols, 0)));
  }

  /**
   * Whether its steps contain products or decompositions of matrices, or what it keeps is laid out
   * otherwise than its parameters.
   */
  boolean matrix() {
    ParamLayout layout = matrix(TRIAL_SIDE, TRIAL_SIDE);
    SlotSizes slots = SlotSizes.of(optimizer, layout);
    if (slots.elementwise().isEmpty() && !slots.blocks().isEmpty()) {
      return true;
    }
    double[][] sources = ReadyObjective.sources(layout.size() + 1);
    OptimizerRun run = run(layout, sources);
    TimedBackend kernels = new TimedBackend(ScalarBackend.INSTANCE);
    run.computeWith(kernels);
    ReadyObjective objective = objective(run, layout, sources);
    for (int t = 0; t < TRIAL_STEPS; t++) {
      objective.begin(t);
      run.step(objective, spec.defaultLearningRate());
    }
    return kernels.calls() > 0;
  }

  /** A run from a point that is the second source. */
  OptimizerRun run(ParamLayout layout, double[][] sources) {
    double[] start = Arrays.copyOf(sources[1], layout.size());
    return new OptimizerRun(optimizer, layout, start, 1);
  }

  /** What it asks in a run. */
  static ReadyObjective objective(OptimizerRun run, ParamLayout layout, double[][] sources) {
    ReadyObjective objective = new ReadyObjective(layout, sources);
    objective.home(blocks(run.state()));
    return objective;
  }

  /** Parameters and slots. */
  static List<double[]> blocks(LearnerState state) {
    List<double[]> all = new ArrayList<>();
    for (int i = 0; i < state.schema().size(); i++) {
      all.add(state.block(i));
    }
    return all;
  }
}
