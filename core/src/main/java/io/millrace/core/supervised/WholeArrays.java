package io.millrace.core.supervised;

import io.millrace.core.features.Rows;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.state.LearnerState;

/**
 * All of a key's parameters and slots. The step works on the key's own parameters, and the copy
 * brings them back when it was not good: the next step's product waits for this one's parameters,
 * and each copy between the two would lengthen the wait.
 */
final class WholeArrays extends StepArrays {
  private final int width;

  WholeArrays(SlotTable table, ParamLayout layout, int width) {
    super(table, layout);
    this.width = width;
  }

  @Override
  void copyIn(LearnerState state) {
    copy(state.block(0), theta);
    for (int i = 0; i < arrays.length; i++) {
      copy(state.block(1 + i), arrays[i]);
    }
  }

  @Override
  int features() {
    return width;
  }

  @Override
  int[] feature(Rows rows) {
    return rows.dense() ? null : rows.index();
  }

  @Override
  double[] point(LearnerState state) {
    return state.block(0);
  }

  @Override
  double[] before(LearnerState state) {
    return theta;
  }

  @Override
  double[] start(int used) {
    return theta;
  }

  @Override
  void undo(LearnerState state) {
    copy(theta, state.block(0));
  }

  @Override
  void store(LearnerState state) {
    for (int i = 0; i < arrays.length; i++) {
      copy(arrays[i], state.block(1 + i));
    }
  }
}
