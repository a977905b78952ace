package io.millrace.tests.contract;

import io.millrace.core.optim.Layer;

/** A linear layer with one output per row of {@link #x}. */
abstract class OneOutput implements Layer {
  final double[][] x;

  OneOutput(double[][] x) {
    this.x = x;
  }

  /** Derivative of a row's loss at its output. */
  abstract double slope(double output, int row);

  /** Second derivative of a row's loss at its output. */
  abstract double bend(double output, int row);

  @Override
  public int samples() {
    return x.length;
  }

  @Override
  public int inputs() {
    return x[0].length;
  }

  @Override
  public int outputs() {
    return 1;
  }

  @Override
  public boolean inputsAreRows() {
    return true;
  }

  @Override
  public void input(double[] theta, int sample, double[] out) {
    System.arraycopy(x[sample], 0, out, 0, inputs());
  }

  private double output(double[] theta, int row) {
    double sum = 0;
    for (int i = 0; i < inputs(); i++) {
      sum += x[row][i] * theta[i];
    }
    return sum;
  }

  @Override
  public void outputDerivative(double[] theta, int sample, double[] out) {
    out[0] = slope(output(theta, sample), sample);
  }

  @Override
  public void outputCurvature(double[] theta, int sample, double[] v, double[] out) {
    out[0] = bend(output(theta, sample), sample) * v[0];
  }
}
