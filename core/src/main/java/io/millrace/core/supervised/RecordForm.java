package io.millrace.core.supervised;

import io.millrace.core.model.Architecture;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.rng.Draws;
import java.util.Arrays;

/**
 * What a record of a {@link io.millrace.core.state.CoordinateTable} holds: all that a key knows
 * about one feature.
 *
 * <pre>
 * parameters   a row of each tensor with rows for features, in their order
 * slots        the same for each elementwise slot, in the order of the table
 * statistics   count and squares of the scaler, if there is one
 * </pre>
 *
 * Immutable.
 */
final class RecordForm {
  private final Architecture architecture;
  private final int features;
  private final SlotTable slots;
  private final Optimizer optimizer;
  private final int[] strides;
  private final int stride;
  private final int tail;
  private final int statistics;
  private final double[] zero;

  /**
   * The form of records.
   *
   * @param optimizer tells what slots start with
   * @param scaled whether there are statistics
   */
  RecordForm(
      Architecture architecture,
      FeatureBlocks blocks,
      SlotTable slots,
      Optimizer optimizer,
      boolean scaled) {
    this.architecture = architecture;
    this.features = blocks.width();
    this.slots = slots;
    this.optimizer = optimizer;
    strides = blocks.strides();
    tail = blocks.size(0);
    stride = blocks.size(1) - tail;
    int numbers = stride * (1 + slots.elementwiseCount());
    statistics = scaled ? numbers : -1;
    zero = new double[numbers + (scaled ? 2 : 0)];
    new Start().slots(zero, 0);
  }

  /** Makes records of features that have not been seen. Has scratch: one per thread. */
  final class Start {
    private final double[] theta = new double[stride + tail];
    private final SlotTable.Detached first = slots.detached(theta.length);

    /** Writes the record of a feature of a key. */
    void record(int feature, Draws draws, double[] to, int at) {
      Arrays.fill(theta, 0);
      architecture.startFeature(feature, features, draws, theta);
      System.arraycopy(theta, 0, to, at, stride);
      slots(to, at);
    }

    private void slots(double[] to, int at) {
      for (double[] slot : first.arrays()) {
        Arrays.fill(slot, 0);
      }
      optimizer.initialize(theta, first);
      int offset = at + stride;
      for (int i = 0; i < slots.count(); i++) {
        if (slots.elementwise(i)) {
          System.arraycopy(first.arrays()[i], 0, to, offset, stride);
          offset += stride;
        }
      }
      Arrays.fill(to, offset, at + width(), 0);
    }
  }

  /** Whether features start with drawn parameters, each with others. */
  boolean drawn() {
    return !architecture.startsAtZero();
  }

  /** Doubles of a record. */
  int width() {
    return zero.length;
  }

  /** Elements of a row of each tensor that has rows for features. */
  int[] strides() {
    return strides;
  }

  /** Parameters of one feature, which are also the numbers of one elementwise slot. */
  int stride() {
    return stride;
  }

  /** Parameters of no feature. */
  int tail() {
    return tail;
  }

  /** Where in a record the statistics begin; -1: there are none. */
  int statistics() {
    return statistics;
  }

  /**
   * The record of a feature that has not been seen and whose parameters start at zero; not to be
   * written to.
   */
  double[] zero() {
    return zero;
  }
}
