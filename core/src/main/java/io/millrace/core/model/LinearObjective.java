package io.millrace.core.model;

import io.millrace.core.compute.Vectors;
import io.millrace.core.features.Rows;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.ParamLayout;
import java.util.Arrays;

/**
 * The objective of {@link LinearModel}: {@code (1/n) sum_i w_i l(W'x_i + b, y_i)}.
 *
 * <p>Parameters lie feature-major: weight of feature j for output k at {@code j * outputs + k}, the
 * biases behind them. One gradient costs about {@code 4 outputs} flops per coordinate.
 */
public final class LinearObjective extends ModelObjective implements Layer {
  private final ScalarLoss scalar;
  private final double[] along;
  private int biasAt;

  /** Whether the row has been predicted where the step begins, at {@link #start}. */
  private boolean startKnown;

  private double[] start;

  private double startScore;

  /** Mean of the row and derivative of its loss at the start. */
  private final double[] startRates = new double[2];

  /** What {@link #tryDescend} has overwritten, the bias last. */
  private double[] overwritten = new double[64];

  /** An objective that has to be aimed. */
  public LinearObjective(Loss loss) {
    super(loss);
    this.scalar = loss instanceof ScalarLoss s ? s : null;
    this.along = new double[outputs];
  }

  @Override
  public void aim(Rows batch, int[] features, double[] values, int ofWidth, ParamLayout of) {
    super.aim(batch, features, values, ofWidth, of);
    biasAt = ofWidth * outputs;
    startKnown = false;
  }

  @Override
  public void predictOnly(double[] theta, double[] copy, double[] rawOut, double[] mean) {
    if (scalar == null) {
      super.predictOnly(theta, copy, rawOut, mean);
      return;
    }
    startKnown = true;
    if (start != copy) {
      start = copy;
    }
    startScore = score(theta, 0);
    rawOut[0] = startScore;
    scalar.meanAndDerivative(startScore, rows.label(0), startRates);
    mean[0] = startRates[0];
  }

  /** Compares the points rather than trust that a rule asks for its first gradient at the start. */
  private boolean atStart(double[] theta) {
    return startKnown && Arrays.equals(theta, 0, biasAt + 1, start, 0, biasAt + 1);
  }

  @Override
  public void outputs(
      double[] theta, int ofWidth, int[] features, double[] x, int from, int to, double[] out) {
    if (scalar == null) {
      scores(theta, ofWidth * outputs, features, x, from, to, outputs, out);
    } else {
      out[0] =
          (features == null
                  ? Vectors.dot(theta, 0, x, from, to - from)
                  : Vectors.dotAt(theta, features, x, from, to))
              + theta[ofWidth];
    }
  }

  @Override
  public int culprit(double[] theta) {
    for (int r = 0; r < rows.count(); r++) {
      rawOutputs(theta, r);
      boolean fine = lossIsFinite(r);
      double steepest = rows.weight(r) * largest(slope, 0, outputs);
      double input = largest(value, rows.start(r), rows.end(r) - rows.start(r));
      if (!fine || !Double.isFinite(steepest * input)) {
        return r;
      }
    }
    return -1;
  }

  private double score(double[] theta, int row) {
    int from = rows.start(row);
    int to = rows.end(row);
    return (feature == null
            ? Vectors.dot(theta, 0, value, from, to - from)
            : Vectors.dotAt(theta, feature, value, from, to))
        + theta[biasAt];
  }

  /** Raw outputs of a row, for parameters in the order of this class: {@code out = W'x + bias}. */
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
  public void gradient(double[] theta, double[] out) {
    int n = rows.count();
    if (scalar != null && n == 1) {
      int from = rows.start(0);
      int to = rows.end(0);
      double g = slopeOfOnly(theta, atStart(theta));
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
        rawOutputs(theta, r);
        slopeOf(r, w);
        addOuter(r, out);
      }
    }
  }

  /**
   * Weighted derivative of the only row's loss by its score.
   *
   * @param known whether that has been found already, at the start
   */
  private double slopeOfOnly(double[] theta, boolean known) {
    double s = known ? startScore : score(theta, 0);
    double g = known ? startRates[1] : scalar.derivative(s, rows.label(0));
    check(s, g, 0);
    return g * rows.weight(0);
  }

  @Override
  public boolean triesDescents() {
    return scalar != null;
  }

  @Override
  public boolean tryDescend(double[] theta, double rate, double largest) {
    double g = slopeOfOnly(theta, startKnown);
    startKnown = false; // the next question may be about another point in the same array
    double[] x = value;
    int from = rows.start(0);
    int n = rows.end(0) - from;
    double[] old = overwritten;
    if (old.length <= n) {
      old = new double[Math.max(n + 1, 2 * old.length)];
      overwritten = old;
    }
    double bias = theta[biasAt];
    double moved = bias - rate * g;
    old[n] = bias;
    theta[biasAt] = moved;
    if (feature == null) {
      System.arraycopy(theta, 0, old, 0, n);
      for (int c = 0; c < n; c++) {
        theta[c] -= rate * (g * x[from + c]);
      }
      return Vectors.allWithin(theta, n, largest) && Math.abs(moved) <= largest;
    }
    int[] at = feature;
    long most = Double.doubleToRawLongBits(largest);
    long beyond = Vectors.beyond(moved, most);
    for (int c = 0; c < n; c++) {
      int j = at[from + c];
      double before = theta[j];
      double after = before - rate * (g * x[from + c]);
      old[c] = before;
      theta[j] = after;
      beyond |= Vectors.beyond(after, most);
    }
    return beyond >= 0;
  }

  @Override
  public void undo(double[] theta) {
    int from = rows.start(0);
    int n = rows.end(0) - from;
    for (int c = 0; c < n; c++) {
      theta[feature == null ? c : feature[from + c]] = overwritten[c];
    }
    theta[biasAt] = overwritten[n];
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
    rawOutputs(theta, sample);
    slopeOf(sample, w);
    addOuter(sample, out);
  }

  @Override
  public void storedGradient(double[] theta, double[] stored, int at, double[] out) {
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
  public Layer layer(int index) {
    return this;
  }

  /** The features, and the bias's 1. */
  @Override
  public int inputs() {
    return width + 1;
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
  public void input(double[] theta, int sample, double[] out) {
    Arrays.fill(out, 0, width, 0);
    int from = rows.start(sample);
    for (int c = from; c < rows.end(sample); c++) {
      out[feature == null ? c - from : feature[c]] += value[c];
    }
    out[width] = 1;
  }

  @Override
  public void outputDerivative(double[] theta, int sample, double[] out) {
    rawOutputs(theta, sample);
    loss.derivative(raw, rows.label(sample), slope);
    scale(rows.weight(sample), out);
  }

  @Override
  public void outputCurvature(double[] theta, int sample, double[] v, double[] out) {
    rawOutputs(theta, sample);
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
