package io.millrace.core.model;

import io.millrace.core.features.Rows;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.ParamLayout;
import java.util.Arrays;

/**
 * Mean weighted loss of a model over a mini-batch: {@code (1/n) sum_i w_i l(outputs(x_i), y_i)}, n
 * the number of rows. Parameters lie as {@link Architecture#tensors} says, for as many features as
 * it was aimed with; anything behind them is padding with gradient 0. Reused: {@link #aim} points
 * it at a mini-batch. Allocates nothing in steady state. Not thread-safe.
 */
public abstract class ModelObjective implements Objective {
  final Loss loss;
  final int outputs;

  /** Raw outputs of the row at hand. */
  final double[] raw;

  /** The loss's derivative in them. */
  final double[] slope;

  Rows rows;
  int[] feature;
  double[] value;
  int width;
  private ParamLayout layout;
  private int badRow;

  /** The point of a gradient that is known already; null: none is. */
  private double[] knownAt;

  private double[] known;
  private int knownBadRow;

  ModelObjective(Loss loss) {
    this.loss = loss;
    this.outputs = loss.outputs();
    this.raw = new double[outputs];
    this.slope = new double[outputs];
  }

  /**
   * Points at a mini-batch; everything is kept until the next aim.
   *
   * @param batch row bounds, labels and weights
   * @param features feature of each coordinate at the batch's positions; null: every row has all
   *     features in order
   * @param values of the coordinates at the batch's positions
   * @param ofWidth number of features that the parameters are for
   * @param of the parameters; its size is the length of all arrays
   */
  public void aim(Rows batch, int[] features, double[] values, int ofWidth, ParamLayout of) {
    // A reference written where it stands already costs the collector's barrier all the same.
    if (rows != batch) {
      rows = batch;
    }
    if (feature != features) {
      feature = features;
    }
    if (value != values) {
      value = values;
    }
    if (layout != of) {
      layout = of;
    }
    width = ofWidth;
    badRow = -1;
    if (knownAt != null) {
      knownAt = null;
      known = null;
    }
  }

  /**
   * Says what the gradient at a point is, computed elsewhere with the bits that it has here. Holds
   * until the next aim.
   *
   * @param point kept; the caller must not change it before
   * @param gradient of the mini-batch there, kept likewise
   * @param bad the row that {@link #badRow} names after such a gradient, -1: none
   */
  public void know(double[] point, double[] gradient, int bad) {
    knownAt = point;
    known = gradient;
    knownBadRow = bad;
  }

  /** Copies the gradient to {@code out} if it is known at this very point. */
  final boolean knows(double[] theta, double[] out) {
    if (knownAt == null || !Arrays.equals(theta, knownAt)) {
      return false;
    }
    System.arraycopy(known, 0, out, 0, out.length);
    if (badRow < 0) {
      badRow = knownBadRow;
    }
    return true;
  }

  /**
   * A row whose loss or derivative was not finite in some {@link #gradient} since the last aim; -1:
   * none.
   */
  public int badRow() {
    return badRow;
  }

  /**
   * Raw outputs of one row. The mini-batch that the objective is aimed at does not change.
   *
   * @param theta parameters for {@code ofWidth} features
   * @param features of the coordinates from {@code from} up to {@code to}; null: all in order
   * @param out at least as long as the loss has outputs, overwritten
   */
  public abstract void outputs(
      double[] theta, int ofWidth, int[] features, double[] x, int from, int to, double[] out);

  /**
   * Predicts the only row of the mini-batch at the point where a step begins: raw outputs and mean.
   * The objective may keep intermediate results for a {@link #gradient} at the same point.
   *
   * @param theta the point, not modified
   * @param start a copy of the point, kept until the next aim; the caller must not change it before
   * @param rawOut at least as long as the loss has outputs, overwritten
   * @param mean likewise, another array
   */
  public void predictOnly(double[] theta, double[] start, double[] rawOut, double[] mean) {
    outputs(theta, width, feature, value, rows.start(0), rows.end(0), rawOut);
    loss.mean(rawOut, mean);
  }

  /** Whether {@link #tryDescend} is offered for mini-batches of one row of distinct features. */
  public boolean triesDescents() {
    return false;
  }

  /**
   * Does {@code theta -= rate * gradient(theta)} in one pass, with the same bits, for the
   * parameters that the only row of the mini-batch touches. {@link #undo} takes it back.
   *
   * @param theta moved; where {@link #predictOnly} has been called since the last aim or descent,
   *     it must be the point of that call
   * @param largest size that a parameter may have
   * @return whether the moved parameters are finite and none is larger
   */
  public boolean tryDescend(double[] theta, double rate, double largest) {
    throw new IllegalStateException(getClass().getSimpleName() + " tries no descents");
  }

  /** Takes the last {@link #tryDescend} back. */
  public void undo(double[] theta) {
    throw new IllegalStateException(getClass().getSimpleName() + " tries no descents");
  }

  /** The first row whose loss or gradient is not finite at {@code theta}; -1: none. */
  public abstract int culprit(double[] theta);

  @Override
  public final ParamLayout layout() {
    return layout;
  }

  @Override
  public final int samples() {
    return rows.count();
  }

  /** Raw outputs of a row of the mini-batch, in {@link #raw}. */
  final void rawOutputs(double[] theta, int row) {
    outputs(theta, width, feature, value, rows.start(row), rows.end(row), raw);
  }

  @Override
  public double value(double[] theta) {
    int n = rows.count();
    double sum = 0;
    for (int r = 0; r < n; r++) {
      rawOutputs(theta, r);
      sum += rows.weight(r) * loss.value(raw, rows.label(r));
    }
    return sum / n;
  }

  /** Mean weighted loss over the mini-batch of a model whose raw outputs are 0. */
  public final double nothing() {
    Arrays.fill(raw, 0);
    int n = rows.count();
    double sum = 0;
    for (int r = 0; r < n; r++) {
      sum += rows.weight(r) * loss.value(raw, rows.label(r));
    }
    return sum / n;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Dense rows only: their coordinates, then label and weight.
   */
  @Override
  public final void storeSample(int sample, double[] to, int at) {
    System.arraycopy(value, rows.start(sample), to, at, width);
    to[at + width] = rows.label(sample);
    to[at + width + 1] = rows.weight(sample);
  }

  /** A derivative whose square overflows belongs to a loss that does; so does an infinite score. */
  final void check(double s, double g, int row) {
    if (!(Math.abs(s) + g * g < Double.POSITIVE_INFINITY) && badRow < 0) {
      badRow = row;
    }
  }

  /** The loss's derivative at {@link #raw}, checked and times {@code factor}, in {@link #slope}. */
  final void slopeOf(int row, double factor) {
    loss.derivative(raw, rows.label(row), slope);
    for (int k = 0; k < outputs; k++) {
      check(raw[k], slope[k], row);
      slope[k] *= factor;
    }
  }

  /** Whether the loss at {@link #raw} is finite, and its derivative so that squares are. */
  final boolean lossIsFinite(int row) {
    double y = rows.label(row);
    loss.derivative(raw, y, slope);
    double steepest = rows.weight(row) * largest(slope, 0, outputs);
    return Double.isFinite(loss.value(raw, y)) && Double.isFinite(steepest * steepest);
  }

  /** Largest size among n numbers; NaN if one is. */
  static double largest(double[] a, int from, int n) {
    double most = 0;
    for (int i = from; i < from + n; i++) {
      most = Math.max(most, Math.abs(a[i]));
    }
    return most;
  }
}
