package io.millrace.core.model;

import java.util.Arrays;

/**
 * The objective of a {@link FactorizationMachine} of rank k. Parameters of n features lie as
 * weights [n x outputs], factors [n x outputs x k], biases [outputs]. With {@code S_f = sum_j v_jf
 * x_j},
 *
 * <pre>
 * ds/dw_j = x_j       ds/dv_jf = x_j (S_f - v_jf x_j)       ds/db = 1
 * </pre>
 *
 * <p>so that a gradient costs about {@code 8 k outputs} flops per coordinate, a Hessian-vector
 * product twice that (Pearlmutter 1994, as in {@link MlpPass}).
 */
final class FactorizationObjective extends ModelObjective {
  private final int rank;

  /** Factors of one feature. */
  private final int stride;

  private final double[] sums;
  private final double[] alongSums;
  private final double[] along;

  /** Coordinates of the row at hand. */
  private int[] at;

  private double[] x;
  private int from;
  private int to;

  FactorizationObjective(Loss loss, int rank) {
    super(loss);
    this.rank = rank;
    this.stride = outputs * rank;
    this.sums = new double[stride];
    this.alongSums = new double[stride];
    this.along = new double[outputs];
  }

  private void row(int[] features, double[] values, int first, int end) {
    at = features;
    x = values;
    from = first;
    to = end;
  }

  private void row(int r) {
    row(feature, value, rows.start(r), rows.end(r));
  }

  private int featureOf(int c) {
    return at == null ? c - from : at[c];
  }

  @Override
  public void outputs(
      double[] theta,
      int ofWidth,
      int[] features,
      double[] values,
      int first,
      int end,
      double[] out) {
    row(features, values, first, end);
    outputs(theta, ofWidth, out);
  }

  /** Raw outputs of the row at hand; leaves S in {@link #sums}. */
  private void outputs(double[] theta, int n, double[] out) {
    LinearObjective.scores(theta, n * (outputs + stride), at, x, from, to, outputs, out);
    Arrays.fill(sums, 0);
    for (int c = from; c < to; c++) {
      int factors = n * outputs + featureOf(c) * stride;
      for (int i = 0; i < stride; i++) {
        sums[i] += theta[factors + i] * x[c];
      }
    }
    for (int c = from; c < to; c++) {
      int factors = n * outputs + featureOf(c) * stride;
      for (int k = 0; k < outputs; k++) {
        double pairs = 0;
        for (int i = k * rank; i < (k + 1) * rank; i++) {
          double own = theta[factors + i] * x[c];
          pairs += own * (sums[i] - own); // with every other one: each pair is met twice
        }
        out[k] += 0.5 * pairs;
      }
    }
  }

  /** Adds {@link #slope} times the outputs' derivatives; {@link #sums} are those of the row. */
  private void addGradient(double[] theta, double[] out) {
    int factorsAt = width * outputs;
    for (int c = from; c < to; c++) {
      int j = featureOf(c);
      int factors = factorsAt + j * stride;
      for (int k = 0; k < outputs; k++) {
        double g = slope[k] * x[c];
        out[j * outputs + k] += g;
        for (int i = k * rank; i < (k + 1) * rank; i++) {
          out[factors + i] += g * (sums[i] - theta[factors + i] * x[c]);
        }
      }
    }
    addBias(out);
  }

  private void addBias(double[] out) {
    int bias = width * (outputs + stride);
    for (int k = 0; k < outputs; k++) {
      out[bias + k] += slope[k];
    }
  }

  @Override
  public void gradient(double[] theta, double[] out) {
    int n = rows.count();
    Arrays.fill(out, 0);
    for (int r = 0; r < n; r++) {
      row(r);
      outputs(theta, width, raw);
      slopeOf(r, rows.weight(r) / n);
      addGradient(theta, out);
    }
  }

  @Override
  public void sampleGradient(double[] theta, int sample, double[] out) {
    Arrays.fill(out, 0);
    row(sample);
    outputs(theta, width, raw);
    slopeOf(sample, rows.weight(sample));
    addGradient(theta, out);
  }

  @Override
  public void storedGradient(double[] theta, double[] stored, int position, double[] out) {
    Arrays.fill(out, 0);
    row(null, stored, position, position + width);
    outputs(theta, width, raw);
    loss.derivative(raw, stored[position + width], slope);
    for (int k = 0; k < outputs; k++) {
      slope[k] *= stored[position + width + 1];
    }
    addGradient(theta, out);
  }

  @Override
  public void hessianVector(double[] theta, double[] v, double[] out) {
    int n = rows.count();
    Arrays.fill(out, 0);
    for (int r = 0; r < n; r++) {
      row(r);
      outputs(theta, width, raw);
      outputsAlong(theta, v);
      double share = rows.weight(r) / n;
      slopeOf(r, share);
      addBent(theta, v, out);
      loss.curvature(raw, rows.label(r), along, slope);
      for (int k = 0; k < outputs; k++) {
        slope[k] *= share;
      }
      addGradient(theta, out);
    }
  }

  /** Derivative of the row's outputs along v, in {@link #along}; that of S in alongSums. */
  private void outputsAlong(double[] theta, double[] v) {
    LinearObjective.scores(v, width * (outputs + stride), at, x, from, to, outputs, along);
    Arrays.fill(alongSums, 0);
    for (int c = from; c < to; c++) {
      int factors = width * outputs + featureOf(c) * stride;
      for (int i = 0; i < stride; i++) {
        alongSums[i] += v[factors + i] * x[c];
      }
    }
    for (int c = from; c < to; c++) {
      int factors = width * outputs + featureOf(c) * stride;
      for (int i = 0; i < stride; i++) {
        along[i / rank] += v[factors + i] * x[c] * (sums[i] - theta[factors + i] * x[c]);
      }
    }
  }

  /** Adds {@link #slope} times the outputs' second derivatives times v. */
  private void addBent(double[] theta, double[] v, double[] out) {
    for (int c = from; c < to; c++) {
      int factors = width * outputs + featureOf(c) * stride;
      for (int i = 0; i < stride; i++) {
        out[factors + i] += slope[i / rank] * x[c] * (alongSums[i] - v[factors + i] * x[c]);
      }
    }
  }

  @Override
  public int culprit(double[] theta) {
    for (int r = 0; r < rows.count(); r++) {
      row(r);
      outputs(theta, width, raw);
      boolean fine = lossIsFinite(r);
      double steepest = rows.weight(r) * largest(slope, 0, outputs);
      double input = largest(x, from, to - from);
      double deepest = 0;
      for (int c = from; c < to; c++) {
        int factors = width * outputs + featureOf(c) * stride;
        for (int i = 0; i < stride; i++) {
          deepest = Math.max(deepest, Math.abs(sums[i] - theta[factors + i] * x[c]));
        }
      }
      if (!fine
          || !Double.isFinite(steepest * input)
          || !Double.isFinite(steepest * input * deepest)) {
        return r;
      }
    }
    return -1;
  }
}
