package io.millrace.core.supervised;

import io.millrace.core.features.Rows;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.state.LearnerState;

/**
 * A packed copy of a key's parameters and slots at the features that a mini-batch touches, written
 * back when the step was good. Its length is rounded up, so that few sets of arrays serve all
 * mini-batches; the padding is zero and never written back.
 */
abstract class PackedArrays extends StepArrays {
  final CoordinateMap map;

  /**
   * Arrays for up to {@code length} parameters.
   *
   * @param map of the features at hand, kept: aimed before {@link #load}
   */
  PackedArrays(SlotTable table, int length, CoordinateMap map) {
    super(table, ParamLayout.vector(length));
    this.map = map;
  }

  /**
   * Copies what a key holds of an array at the features at hand.
   *
   * @param place among the arrays with an entry for each parameter, theta first
   * @param block the array's block of the state
   */
  abstract void gather(int place, double[] block, double[] to);

  /** Writes it back: the inverse of {@link #gather}. */
  abstract void scatter(double[] from, int place, double[] block);

  @Override
  final void copyIn(LearnerState state) {
    gather(0, state.block(0), theta);
    int place = 1;
    for (int i = 0; i < arrays.length; i++) {
      if (table.elementwise(i)) {
        gather(place++, state.block(1 + i), arrays[i]);
      } else {
        copy(state.block(1 + i), arrays[i]);
      }
    }
  }

  @Override
  final int features() {
    return map.count();
  }

  @Override
  final int[] feature(Rows rows) {
    return map.place();
  }

  @Override
  final double[] point(LearnerState state) {
    return theta;
  }

  @Override
  final double[] before(LearnerState state) {
    gather(0, state.block(0), published);
    return published;
  }

  @Override
  final double[] start(int used) {
    System.arraycopy(theta, 0, published, 0, used);
    return published;
  }

  @Override
  final void undo(LearnerState state) {
    // The key has not been written to.
  }

  @Override
  void store(LearnerState state) {
    scatter(theta, 0, state.block(0));
    int place = 1;
    for (int i = 0; i < arrays.length; i++) {
      if (table.elementwise(i)) {
        scatter(arrays[i], place++, state.block(1 + i));
      } else {
        copy(arrays[i], state.block(1 + i));
      }
    }
  }
}
