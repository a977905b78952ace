package io.millrace.core.supervised;

import io.millrace.core.features.Rows;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.state.LearnerState;

/**
 * A packed copy of a key's parameters and slots at the features that a mini-batch touches, written
 * back when the step was good. Its length is rounded up, so that few sets of arrays serve all
 * mini-batches; the padding is zero and never written back.
 */
final class TouchedArrays extends StepArrays {
  private final FeatureBlocks blocks;
  private final CoordinateMap map;

  /**
   * Arrays for up to {@code length} parameters.
   *
   * @param map of the features at hand, kept: aimed before {@link #load}
   */
  TouchedArrays(SlotTable table, int length, FeatureBlocks blocks, CoordinateMap map) {
    super(table, ParamLayout.vector(length));
    this.blocks = blocks;
    this.map = map;
  }

  @Override
  void copyIn(LearnerState state) {
    blocks.gather(state.block(0), map, theta);
    for (int i = 0; i < arrays.length; i++) {
      if (table.elementwise(i)) {
        blocks.gather(state.block(1 + i), map, arrays[i]);
      } else {
        copy(state.block(1 + i), arrays[i]);
      }
    }
  }

  @Override
  int features() {
    return map.count();
  }

  @Override
  int[] feature(Rows rows) {
    return map.place();
  }

  @Override
  double[] point(LearnerState state) {
    return theta;
  }

  @Override
  double[] before(LearnerState state) {
    blocks.gather(state.block(0), map, published);
    return published;
  }

  @Override
  double[] start(int used) {
    System.arraycopy(theta, 0, published, 0, used);
    return published;
  }

  @Override
  void undo(LearnerState state) {
    // The key has not been written to.
  }

  @Override
  void store(LearnerState state) {
    blocks.scatter(theta, map, state.block(0));
    for (int i = 0; i < arrays.length; i++) {
      if (table.elementwise(i)) {
        blocks.scatter(arrays[i], map, state.block(1 + i));
      } else {
        copy(arrays[i], state.block(1 + i));
      }
    }
  }
}
