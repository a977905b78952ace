package io.millrace.core.model;

import io.millrace.core.compute.Kernels;
import io.millrace.core.optim.Layer;
import java.util.Arrays;

/**
 * The objective of a {@link Mlp}. A gradient costs about six flops per parameter and row, a
 * Hessian-vector product twice that, an answer of a {@link Layer} one pass of its row. With ReLU
 * and its kinks, second derivatives are those almost everywhere.
 */
final class MlpObjective extends ModelObjective {
  private final int last;
  private final double[] along;
  private final LayerView[] layers;

  /** Of its own for {@link #outputs}, so that the other stays aimed. */
  private final MlpPass single;

  private final MlpPass pass;
  private final int[] units;

  /**
   * An objective that has to be aimed.
   *
   * @param units of each layer, the loss's outputs last
   */
  MlpObjective(Loss loss, int[] units, Activation activation, Kernels compute) {
    super(loss);
    this.units = units;
    last = units.length - 1;
    along = new double[outputs];
    single = new MlpPass(units, activation, compute);
    pass = new MlpPass(units, activation, compute);
    layers = new LayerView[units.length];
    for (int l = 0; l <= last; l++) {
      layers[l] = new LayerView(l);
    }
  }

  @Override
  public void outputs(
      double[] theta, int ofWidth, int[] features, double[] x, int from, int to, double[] out) {
    single.input.aim(features, x, from, to, ofWidth);
    single.begin();
    single.forward(theta, last);
    System.arraycopy(single.z[last], 0, out, 0, outputs);
  }

  /** All rows through the network. */
  private void forward(double[] theta) {
    pass.input.aim(rows, 0, rows.count(), feature, value, width);
    pass.begin();
    pass.forward(theta, last);
  }

  /** One row through the network, up to a layer. */
  private void forward(double[] theta, int sample, int upTo) {
    pass.input.aim(rows, sample, 1, feature, value, width);
    pass.begin();
    pass.forward(theta, upTo);
  }

  /** The raw outputs of row {@code r} of the pass. */
  private void load(int r) {
    System.arraycopy(pass.z[last], r * outputs, raw, 0, outputs);
  }

  @Override
  public double value(double[] theta) {
    forward(theta);
    int n = rows.count();
    double sum = 0;
    for (int r = 0; r < n; r++) {
      load(r);
      sum += rows.weight(r) * loss.value(raw, rows.label(r));
    }
    return sum / n;
  }

  @Override
  public void gradient(double[] theta, double[] out) {
    if (knows(theta, out)) {
      return;
    }
    forward(theta);
    slopes();
    pass.backward(theta, 0, out);
    pad(out);
  }

  /** The loss's derivatives of the mean in the outputs. */
  private void slopes() {
    int n = rows.count();
    for (int r = 0; r < n; r++) {
      load(r);
      slopeOf(r, rows.weight(r) / n);
      System.arraycopy(slope, 0, pass.d[last], r * outputs, outputs);
    }
  }

  private void pad(double[] out) {
    Arrays.fill(out, pass.size(), out.length, 0);
  }

  @Override
  public void sampleGradient(double[] theta, int sample, double[] out) {
    slopesOf(theta, sample);
    pass.backward(theta, 0, out);
    pad(out);
  }

  /** One row forward, its derivatives in the outputs put in place. */
  private void slopesOf(double[] theta, int sample) {
    forward(theta, sample, last);
    load(0);
    slopeOf(sample, rows.weight(sample));
    System.arraycopy(slope, 0, pass.d[last], 0, outputs);
  }

  @Override
  public void storedGradient(double[] theta, double[] stored, int at, double[] out) {
    pass.input.aim(null, stored, at, at + width, width);
    pass.begin();
    pass.forward(theta, last);
    load(0);
    loss.derivative(raw, stored[at + width], slope);
    for (int k = 0; k < outputs; k++) {
      pass.d[last][k] = slope[k] * stored[at + width + 1];
    }
    pass.backward(theta, 0, out);
    pad(out);
  }

  @Override
  public void hessianVector(double[] theta, double[] v, double[] out) {
    forward(theta);
    slopes();
    pass.tangent(theta, v);
    int n = rows.count();
    for (int r = 0; r < n; r++) {
      load(r);
      System.arraycopy(pass.rz[last], r * outputs, along, 0, outputs);
      loss.curvature(raw, rows.label(r), along, slope);
      for (int k = 0; k < outputs; k++) {
        pass.rd[last][r * outputs + k] = slope[k] * rows.weight(r) / n;
      }
    }
    pass.tangentBackward(theta, v, out);
    pad(out);
  }

  @Override
  public int culprit(double[] theta) {
    for (int r = 0; r < rows.count(); r++) {
      forward(theta, r, last);
      load(0);
      boolean fine = lossIsFinite(r);
      for (int k = 0; k < outputs; k++) {
        pass.d[last][k] = slope[k] * rows.weight(r);
      }
      pass.backward(theta, 0, null);
      for (int l = 0; l <= last; l++) {
        double steepest = largest(pass.d[l], 0, units[l]);
        double input =
            l == 0 ? pass.input.largestOfFirst() : largest(pass.a[l - 1], 0, units[l - 1]);
        fine &= Double.isFinite(steepest * steepest) && Double.isFinite(steepest * input);
      }
      if (!fine) {
        return r;
      }
    }
    return -1;
  }

  @Override
  public int layers() {
    return layers.length;
  }

  @Override
  public Layer layer(int index) {
    return layers[index];
  }

  /** One layer; every answer is a pass of the row it is about. */
  private final class LayerView implements Layer {
    private final int l;

    LayerView(int l) {
      this.l = l;
    }

    @Override
    public int samples() {
      return rows.count();
    }

    @Override
    public int offset() {
      int at = 0;
      for (int i = 0; i < l; i++) {
        at += ((i == 0 ? width : units[i - 1]) + 1) * units[i];
      }
      return at;
    }

    @Override
    public int inputs() {
      return (l == 0 ? width : units[l - 1]) + 1;
    }

    @Override
    public int outputs() {
      return units[l];
    }

    @Override
    public boolean inputsAreRows() {
      return true;
    }

    @Override
    public void input(double[] theta, int sample, double[] out) {
      forward(theta, sample, l - 1);
      if (l == 0) {
        pass.input.first(out);
      } else {
        System.arraycopy(pass.a[l - 1], 0, out, 0, units[l - 1]);
      }
      out[inputs() - 1] = 1;
    }

    @Override
    public void outputDerivative(double[] theta, int sample, double[] out) {
      slopesOf(theta, sample);
      pass.backward(theta, l, null);
      System.arraycopy(pass.d[l], 0, out, 0, units[l]);
    }

    @Override
    public void outputJacobian(double[] theta, int sample, double[] out, int at) {
      forward(theta, sample, last);
      int n = MlpObjective.this.outputs;
      for (int k = 0; k < n; k++) {
        Arrays.fill(pass.d[last], 0, n, 0);
        pass.d[last][k] = 1;
        pass.backward(theta, l, null);
        System.arraycopy(pass.d[l], 0, out, at + k * units[l], units[l]);
      }
    }

    @Override
    public void outputCurvature(double[] theta, int sample, double[] v, double[] out) {
      forward(theta, sample, last);
      System.arraycopy(v, 0, pass.rz[l], 0, units[l]);
      pass.tangentFrom(l, theta);
      load(0);
      System.arraycopy(pass.rz[last], 0, along, 0, MlpObjective.this.outputs);
      loss.curvature(raw, rows.label(sample), along, slope);
      for (int k = 0; k < MlpObjective.this.outputs; k++) {
        pass.d[last][k] = slope[k] * rows.weight(sample);
      }
      pass.backward(theta, l, null);
      System.arraycopy(pass.d[l], 0, out, 0, units[l]);
    }
  }
}
