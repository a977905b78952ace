package io.millrace.core.model;

import io.millrace.core.linalg.Vectors;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.ParamLayout;
import java.util.Arrays;

/**
 * Mean weighted loss of a linear model over a mini-batch: {@code (1/n) sum_i w_i l(W'x_i + b,
 * y_i)}, n the number of rows.
 *
 * <p>Parameters lie feature-major: weight of feature j for output k at {@code j * outputs + k}, the
 * biases at {@code biasAt}, anything behind them is padding with gradient 0. Reused: {@link #aim}
 * points it at a mini-batch. One gradient costs about {@code 4 outputs} flops per coordinate.
 * Allocates nothing. Not thread-safe.
 */
public final class LinearObjective implements Objective, Layer {
  private final Loss loss;
  private final ScalarLoss scalar;
  private final int outputs;
  private final double[] raw;
  private final double[] slope;
  private final double[] along;

  private Rows rows;
  private int[] feature;
  private double[] value;
  private int biasAt;
  private ParamLayout layout;
  private int badRow;

  /** An objective that has to be aimed. */
  public LinearObjective(Loss loss) {
    this.loss = loss;
    this.scalar = loss instanceof ScalarLoss s ? s : null;
    this.outputs = loss.outputs();
    this.raw = new double[outputs];
    this.slope = new double[outputs];
    this.along = new double[outputs];
  }

  /**
   * Points at a mini-batch; everything is kept until the next aim.
   *
   * @param batch row bounds, labels and weights
   * @param features feature of each coordinate at the batch's positions; null: coordinate c of a
   *     row is feature c
   * @param values of the coordinates at the batch's positions
   * @param bias position of the first bias
   * @param of the parameters; its size is the length of all arrays
   */
  public void aim(Rows batch, int[] features, double[] values, int bias, ParamLayout of) {
    rows = batch;
    feature = features;
    value = values;
    biasAt = bias;
    layout = of;
    badRow = -1;
  }

  /**
   * A row whose loss or derivative was not finite in some {@link #gradient} since the last aim; -1:
   * none.
   */
  public int badRow() {
    return badRow;
  }

  @Override
  public ParamLayout layout() {
    return layout;
  }

  private double score(double[] theta, int row) {
    int from = rows.start(row);
    int to = rows.end(row);
    return (feature == null
            ? Vectors.dot(theta, 0, value, from, to - from)
            : Vectors.dotAt(theta, feature, value, from, to))
        + theta[biasAt];
  }

  /** Raw outputs of a row, for parameters laid as here: {@code out = W'x + bias}. */
  public static void scores(
      double[] theta,
      int biasAt,
      int[] feature,
      double[] value,
      int from,
      int to,
      int outputs,
      double[] out) {
    System.arraycopy(theta, biasAt, out, 0, outputs);
    for (int c = from; c < to; c++) {
      int at = (feature == null ? c - from : feature[c]) * outputs;
      double x = value[c];
      for (int k = 0; k < outputs; k++) {
        out[k] += theta[at + k] * x;
      }
    }
  }

  @Override
  public double value(double[] theta) {
    int n = rows.count();
    double sum = 0;
    for (int r = 0; r < n; r++) {
      if (scalar != null) {
        sum += rows.weight(r) * scalar.value(score(theta, r), rows.label(r));
      } else {
        scores(theta, biasAt, feature, value, rows.start(r), rows.end(r), outputs, raw);
        sum += rows.weight(r) * loss.value(raw, rows.label(r));
      }
    }
    return sum / n;
  }

  @Override
  public void gradient(double[] theta, double[] out) {
    int n = rows.count();
    if (scalar != null && n == 1) {
      int from = rows.start(0);
      int to = rows.end(0);
      double s = score(theta, 0);
      double g = scalar.derivative(s, rows.label(0));
      check(s, g, 0);
      g *= rows.weight(0);
      if (feature == null) {
        int written = to - from;
        for (int c = 0; c < written; c++) {
          out[c] = g * value[from + c];
        }
        Arrays.fill(out, written, out.length, 0);
      } else {
        Arrays.fill(out, 0);
        for (int c = from; c < to; c++) {
          out[feature[c]] += g * value[c];
        }
      }
      out[biasAt] = g;
      return;
    }
    Arrays.fill(out, 0);
    double share = 1.0 / n;
    for (int r = 0; r < n; r++) {
      double w = share * rows.weight(r);
      if (scalar != null) {
        double s = score(theta, r);
        double g = scalar.derivative(s, rows.label(r));
        check(s, g, r);
        addScaled(r, g * w, out);
      } else {
        scores(theta, biasAt, feature, value, rows.start(r), rows.end(r), outputs, raw);
        loss.derivative(raw, rows.label(r), slope);
        for (int k = 0; k < outputs; k++) {
          check(raw[k], slope[k], r);
          slope[k] *= w;
        }
        addOuter(r, out);
      }
    }
  }

  @Override
  public int samples() {
    return rows.count();
  }

  @Override
  public void sampleGradient(double[] theta, int sample, double[] out) {
    Arrays.fill(out, 0);
    double w = rows.weight(sample);
    if (scalar != null) {
      double s = score(theta, sample);
      double g = scalar.derivative(s, rows.label(sample));
      check(s, g, sample);
      addScaled(sample, g * w, out);
      return;
    }
    scores(theta, biasAt, feature, value, rows.start(sample), rows.end(sample), outputs, raw);
    loss.derivative(raw, rows.label(sample), slope);
    for (int k = 0; k < outputs; k++) {
      check(raw[k], slope[k], sample);
      slope[k] *= w;
    }
    addOuter(sample, out);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Dense rows only: their coordinates, then label and weight.
   */
  @Override
  public void storeSample(int sample, double[] to, int at) {
    int from = rows.start(sample);
    int width = rows.end(sample) - from;
    System.arraycopy(value, from, to, at, width);
    to[at + width] = rows.label(sample);
    to[at + width + 1] = rows.weight(sample);
  }

  @Override
  public void storedGradient(double[] theta, double[] stored, int at, double[] out) {
    int width = biasAt / outputs;
    double y = stored[at + width];
    double w = stored[at + width + 1];
    Arrays.fill(out, 0);
    if (scalar != null) {
      raw[0] = Vectors.dot(theta, 0, stored, at, width) + theta[biasAt];
      slope[0] = scalar.derivative(raw[0], y);
    } else {
      scores(theta, biasAt, null, stored, at, at + width, outputs, raw);
      loss.derivative(raw, y, slope);
    }
    for (int k = 0; k < outputs; k++) {
      double g = slope[k] * w;
      for (int c = 0; c < width; c++) {
        out[c * outputs + k] = g * stored[at + c];
      }
      out[biasAt + k] = g;
    }
  }

  /** A derivative whose square overflows belongs to a loss that does; so does an infinite score. */
  private void check(double s, double g, int row) {
    if (!(Math.abs(s) + g * g < Double.POSITIVE_INFINITY) && badRow < 0) {
      badRow = row;
    }
  }

  private void addScaled(int row, double g, double[] out) {
    int from = rows.start(row);
    int to = rows.end(row);
    if (feature == null) {
      for (int c = from; c < to; c++) {
        out[c - from] += g * value[c];
      }
    } else {
      for (int c = from; c < to; c++) {
        out[feature[c]] += g * value[c];
      }
    }
    out[biasAt] += g;
  }

  /** Adds the outer product of the row and {@link #slope}. */
  private void addOuter(int row, double[] out) {
    int from = rows.start(row);
    int to = rows.end(row);
    for (int c = from; c < to; c++) {
      int at = (feature == null ? c - from : feature[c]) * outputs;
      double x = value[c];
      for (int k = 0; k < outputs; k++) {
        out[at + k] += slope[k] * x;
      }
    }
    for (int k = 0; k < outputs; k++) {
      out[biasAt + k] += slope[k];
    }
  }

  /** {@code sum_i (w_i / n) x_i l''_i (x_i . v)}, the loss permitting. */
  @Override
  public void hessianVector(double[] theta, double[] v, double[] out) {
    int n = rows.count();
    Arrays.fill(out, 0);
    for (int r = 0; r < n; r++) {
      int from = rows.start(r);
      int to = rows.end(r);
      scores(theta, biasAt, feature, value, from, to, outputs, raw);
      scores(v, biasAt, feature, value, from, to, outputs, along);
      loss.curvature(raw, rows.label(r), along, slope);
      double w = rows.weight(r) / n;
      for (int k = 0; k < outputs; k++) {
        slope[k] *= w;
      }
      addOuter(r, out);
    }
  }

  @Override
  public Layer layer() {
    return this;
  }

  /** The features, and the bias's 1. */
  @Override
  public int inputs() {
    return biasAt / outputs + 1;
  }

  @Override
  public int outputs() {
    return outputs;
  }

  @Override
  public boolean inputsAreRows() {
    return true;
  }

  @Override
  public void input(int sample, double[] out) {
    int bias = biasAt / outputs;
    Arrays.fill(out, 0, bias, 0);
    int from = rows.start(sample);
    for (int c = from; c < rows.end(sample); c++) {
      out[feature == null ? c - from : feature[c]] += value[c];
    }
    out[bias] = 1;
  }

  @Override
  public void outputDerivative(double[] theta, int sample, double[] out) {
    scores(theta, biasAt, feature, value, rows.start(sample), rows.end(sample), outputs, raw);
    loss.derivative(raw, rows.label(sample), slope);
    scale(rows.weight(sample), out);
  }

  @Override
  public void outputCurvature(double[] theta, int sample, double[] v, double[] out) {
    scores(theta, biasAt, feature, value, rows.start(sample), rows.end(sample), outputs, raw);
    System.arraycopy(v, 0, along, 0, outputs);
    loss.curvature(raw, rows.label(sample), along, slope);
    scale(rows.weight(sample), out);
  }

  private void scale(double weight, double[] out) {
    for (int k = 0; k < outputs; k++) {
      out[k] = weight * slope[k];
    }
  }
}
