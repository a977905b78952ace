package io.millrace.core.supervised;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.state.LearnerState;

/**
 * Parameters and slots that one step works on: a copy of a key's, whole or at the touched
 * coordinates only, written back when the step was good. A packed copy has a rounded length, so
 * that few sets of arrays serve all mini-batches; the padding is zero and never written back.
 *
 * <p>Of the whole, the step works on the key's own parameters, and the copy brings them back when
 * it was not good: the next step's product waits for this one's parameters, and each copy between
 * the two would lengthen the wait.
 */
final class StepArrays implements Slots {
  private final SlotTable table;
  private final double[][] arrays;
  private final boolean packed;
  private long steps;

  /** Copied parameters, then the padding. */
  final double[] theta;

  /** What {@link io.millrace.core.optim.Optimizer#publish} writes to. */
  final double[] published;

  final ParamLayout layout;

  /** Scratch of the optimizer for arrays of this length. */
  final Workspace workspace = new Workspace();

  private StepArrays(SlotTable table, ParamLayout layout, boolean packed) {
    this.table = table;
    this.layout = layout;
    this.packed = packed;
    this.theta = new double[layout.size()];
    this.published = new double[layout.size()];
    this.arrays = new double[table.count()][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = new double[table.elementwise(i) ? layout.size() : table.length(i)];
    }
  }

  /** Arrays for all coordinates. */
  static StepArrays whole(SlotTable table, ParamLayout layout) {
    return new StepArrays(table, layout, false);
  }

  /** Arrays for up to {@code length} parameters. */
  static StepArrays packed(SlotTable table, int length) {
    return new StepArrays(table, ParamLayout.vector(length), true);
  }

  @Override
  public double[] get(String name) {
    return arrays[table.indexOf(name)];
  }

  @Override
  public long steps() {
    return steps;
  }

  /** Copies a key's arrays. */
  void load(LearnerState state) {
    steps = state.steps();
    copy(state.block(0), theta);
    for (int i = 0; i < arrays.length; i++) {
      copy(state.block(1 + i), arrays[i]);
    }
  }

  /** Copies a key's arrays at the mapped coordinates. */
  void gather(LearnerState state, CoordinateMap map, FeatureBlocks blocks) {
    steps = state.steps();
    blocks.gather(state.block(0), map, theta);
    for (int i = 0; i < arrays.length; i++) {
      if (table.elementwise(i)) {
        blocks.gather(state.block(1 + i), map, arrays[i]);
      } else {
        copy(state.block(1 + i), arrays[i]);
      }
    }
  }

  /** The parameters that the step works on; after {@link #load} or {@link #gather}. */
  double[] point(LearnerState state) {
    return packed ? theta : state.block(0);
  }

  /** All parameters as they were before the step; not to be written to. */
  double[] before(LearnerState state) {
    return packed ? state.block(0) : theta;
  }

  /** A copy of the first parameters as they were before the step, to which nobody writes in it. */
  double[] start(int used) {
    if (!packed) {
      return theta;
    }
    System.arraycopy(theta, 0, published, 0, used);
    return published;
  }

  /**
   * Whether the parameters and slots are finite, padding left out.
   *
   * @param point of {@link #point}
   * @param largest size that a parameter may have
   */
  boolean finite(double[] point, int used, double largest) {
    if (!Vectors.allFinite(point, used)) {
      return false;
    }
    if (largest < Double.MAX_VALUE) {
      for (int i = 0; i < used; i++) {
        if (Math.abs(point[i]) > largest) {
          return false;
        }
      }
    }
    for (int i = 0; i < arrays.length; i++) {
      if (!Vectors.allFinite(arrays[i], table.elementwise(i) ? used : arrays[i].length)) {
        return false;
      }
    }
    return true;
  }

  /** Leaves the key as it was before a step that was not good. */
  void undo(LearnerState state) {
    if (!packed) {
      copy(theta, state.block(0));
    }
  }

  /** Writes everything back whence it came; {@code map} is the one of {@link #gather}. */
  void store(LearnerState state, CoordinateMap map, FeatureBlocks blocks) {
    if (packed) {
      blocks.scatter(theta, map, state.block(0));
    }
    for (int i = 0; i < arrays.length; i++) {
      if (packed && table.elementwise(i)) {
        blocks.scatter(arrays[i], map, state.block(1 + i));
      } else {
        copy(arrays[i], state.block(1 + i));
      }
    }
  }

  private static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, from.length);
  }
}
