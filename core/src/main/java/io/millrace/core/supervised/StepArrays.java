package io.millrace.core.supervised;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.state.LearnerState;

/**
 * Parameters and slots that a step works on: {@link WholeArrays} or, where a mini-batch touches few
 * features, {@link TouchedArrays} and {@link SeenArrays}. Loaded from a key's state, and stored
 * there when the step was good. Not thread-safe.
 */
abstract class StepArrays implements Slots {
  final SlotTable table;

  /** A slot each, in the order of the table. */
  final double[][] arrays;

  /** Parameters as loaded; those that the step works on are {@link #point}. */
  final double[] theta;

  /** What {@link io.millrace.core.optim.Optimizer#publish} writes to. */
  final double[] published;

  final ParamLayout layout;

  /** Scratch of the optimizer for arrays of this length. */
  final Workspace workspace = new Workspace();

  private long steps;

  StepArrays(SlotTable table, ParamLayout layout) {
    this.table = table;
    this.layout = layout;
    this.theta = new double[layout.size()];
    this.published = new double[layout.size()];
    this.arrays = new double[table.count()][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = new double[table.elementwise(i) ? layout.size() : table.length(i)];
    }
  }

  @Override
  public final double[] get(String name) {
    return arrays[table.indexOf(name)];
  }

  @Override
  public final long steps() {
    return steps;
  }

  /** Copies a key's arrays. */
  final void load(LearnerState state) {
    steps = state.steps();
    copyIn(state);
  }

  abstract void copyIn(LearnerState state);

  /** Features that the parameters are for. */
  abstract int features();

  /** Feature of each coordinate of the rows; null: every row has all features in order. */
  abstract int[] feature(Rows rows);

  /** The parameters that the step works on; after {@link #load}. */
  abstract double[] point(LearnerState state);

  /**
   * The parameters as they were before the step, laid out as {@link #point}; not to be written to.
   * May overwrite {@link #published}.
   */
  abstract double[] before(LearnerState state);

  /** A copy of the first parameters as they were before the step, to which nobody writes in it. */
  abstract double[] start(int used);

  /** Leaves the key as it was before a step that was not good. */
  abstract void undo(LearnerState state);

  /** Writes everything back whence it came. */
  abstract void store(LearnerState state);

  /**
   * Whether the parameters and slots are finite, padding left out.
   *
   * @param point of {@link #point}
   * @param largest size that a parameter may have
   */
  final boolean finite(double[] point, int used, double largest) {
    if (!Vectors.allWithin(point, used, largest)) {
      return false;
    }
    for (int i = 0; i < arrays.length; i++) {
      if (!Vectors.allFinite(arrays[i], table.elementwise(i) ? used : arrays[i].length)) {
        return false;
      }
    }
    return true;
  }

  static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, from.length);
  }
}
