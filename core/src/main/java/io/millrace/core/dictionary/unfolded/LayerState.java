package io.millrace.core.dictionary.unfolded;

import io.millrace.core.compute.Vectors;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;

/**
 * The blocks by which a key's state remembers unfolded layers in training, behind those of the
 * method that learns the dictionary: the dictionary they are trained for with its Gram matrix,
 * figures, and parameters and slots of the optimizer. Immutable.
 */
final class LayerState {
  /** Positions in the block of figures. */
  static final int STEPS = 0;

  static final int RESTARTS = 1;
  static final int LOSS = 2;
  static final int LIPSCHITZ = 3;
  static final int OBJECTIVE = 4;

  private static final String PREFIX = "layers.";
  private static final int FIGURES = 5;

  private final StateSchema whole;
  private final StateSchema run;
  private final int first;

  /**
   * The blocks behind {@code before}.
   *
   * @param matrix length of a dictionary
   * @param gram length of its Gram matrix
   */
  LayerState(StateSchema before, int matrix, int gram, Optimizer optimizer, ParamLayout layout) {
    first = before.size();
    run = OptimizerRun.schema(optimizer, layout);
    StateSchema.Builder all = new StateSchema.Builder();
    for (int i = 0; i < first; i++) {
      all.block(before.name(i), before.length(i));
    }
    all.block(PREFIX + "dictionary", matrix).block(PREFIX + "gram", gram);
    all.block(PREFIX + "figures", FIGURES);
    for (int i = 0; i < run.size(); i++) {
      all.block(PREFIX + run.name(i), run.length(i));
    }
    whole = all.build();
  }

  /** All blocks. */
  StateSchema schema() {
    return whole;
  }

  /** The dictionary that the layers are trained for; live. */
  double[] dictionary(LearnerState state) {
    return state.block(first);
  }

  /** Its Gram matrix; live. */
  double[] gram(LearnerState state) {
    return state.block(first + 1);
  }

  /** Live. */
  double[] figures(LearnerState state) {
    return state.block(first + 2);
  }

  /** Steps, then thresholds; live. */
  double[] theta(LearnerState state) {
    return state.block(first + 3);
  }

  /** Copies parameters, slots and step count of a key to a run. */
  void load(LearnerState state, OptimizerRun to) {
    for (int i = 0; i < run.size(); i++) {
      double[] own = state.block(first + 3 + i);
      System.arraycopy(own, 0, to.state().block(i), 0, own.length);
    }
    to.state().setSteps((long) figures(state)[STEPS]);
  }

  /**
   * Copies them back.
   *
   * @return false where they are not all finite: then nothing has changed
   */
  boolean store(OptimizerRun from, LearnerState state) {
    for (int i = 0; i < run.size(); i++) {
      if (!Vectors.allFinite(from.state().block(i), run.length(i))) {
        return false;
      }
    }
    for (int i = 0; i < run.size(); i++) {
      System.arraycopy(from.state().block(i), 0, state.block(first + 3 + i), 0, run.length(i));
    }
    figures(state)[STEPS] = from.steps();
    return true;
  }

  /** Clears the optimizer's slots and step count. */
  void restart(LearnerState state) {
    for (int i = 1; i < run.size(); i++) {
      Arrays.fill(state.block(first + 3 + i), 0);
    }
    figures(state)[STEPS] = 0;
    figures(state)[RESTARTS]++;
  }
}
