package io.millrace.core.learn;

import io.millrace.core.linalg.Vectors;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.Workspace;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;

/**
 * Parameters and slots that one step works on: a copy of a key's, whole or at the touched
 * coordinates only, written back when the step was good. A packed copy has a rounded length, so
 * that few sets of arrays serve all mini-batches; the padding is zero and never written back.
 */
final class StepArrays implements Slots {
  private final SlotTable table;
  private final double[][] arrays;
  private final boolean packed;
  private long steps;

  /** Parameters, then the padding. */
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
  void gather(LearnerState state, CoordinateMap map, int width, int outputs) {
    steps = state.steps();
    gather(state.block(0), map, width, outputs, theta);
    for (int i = 0; i < arrays.length; i++) {
      if (table.elementwise(i)) {
        gather(state.block(1 + i), map, width, outputs, arrays[i]);
      } else {
        copy(state.block(1 + i), arrays[i]);
      }
    }
  }

  /** Whether the parameters and slots are finite, padding left out. */
  boolean finite(int used) {
    if (!Vectors.allFinite(theta, used)) {
      return false;
    }
    for (int i = 0; i < arrays.length; i++) {
      if (!Vectors.allFinite(arrays[i], table.elementwise(i) ? used : arrays[i].length)) {
        return false;
      }
    }
    return true;
  }

  /** Writes everything back whence it came; {@code map} is the one of {@link #gather}. */
  void store(LearnerState state, CoordinateMap map, int width, int outputs) {
    if (packed) {
      scatter(theta, map, width, outputs, state.block(0));
    } else {
      copy(theta, state.block(0));
    }
    for (int i = 0; i < arrays.length; i++) {
      if (packed && table.elementwise(i)) {
        scatter(arrays[i], map, width, outputs, state.block(1 + i));
      } else {
        copy(arrays[i], state.block(1 + i));
      }
    }
  }

  private static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, from.length);
  }

  private static void gather(double[] from, CoordinateMap map, int width, int k, double[] to) {
    int[] touched = map.touched();
    int n = map.count();
    if (k == 1) {
      for (int i = 0; i < n; i++) {
        to[i] = from[touched[i]];
      }
    } else {
      for (int i = 0; i < n; i++) {
        int at = touched[i] * k;
        for (int o = 0; o < k; o++) {
          to[i * k + o] = from[at + o];
        }
      }
    }
    System.arraycopy(from, width * k, to, n * k, k);
    Arrays.fill(to, n * k + k, to.length, 0);
  }

  private static void scatter(double[] from, CoordinateMap map, int width, int k, double[] to) {
    int[] touched = map.touched();
    int n = map.count();
    if (k == 1) {
      for (int i = 0; i < n; i++) {
        to[touched[i]] = from[i];
      }
    } else {
      for (int i = 0; i < n; i++) {
        int at = touched[i] * k;
        for (int o = 0; o < k; o++) {
          to[at + o] = from[i * k + o];
        }
      }
    }
    System.arraycopy(from, n * k, to, width * k, k);
  }
}
