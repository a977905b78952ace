package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Oracle;
import java.util.Set;

/** A layer that answers for its curvature only where that has been declared. */
record AskedLayer(Layer inner, Set<Oracle> declared) implements Layer {
  @Override
  public int samples() {
    return inner.samples();
  }

  @Override
  public int inputs() {
    return inner.inputs();
  }

  @Override
  public int outputs() {
    return inner.outputs();
  }

  @Override
  public boolean inputsAreRows() {
    return inner.inputsAreRows();
  }

  @Override
  public int offset() {
    return inner.offset();
  }

  @Override
  public void input(double[] theta, int sample, double[] out) {
    inner.input(theta, sample, out);
  }

  @Override
  public void outputDerivative(double[] theta, int sample, double[] out) {
    inner.outputDerivative(theta, sample, out);
  }

  @Override
  public void outputCurvature(double[] theta, int sample, double[] v, double[] out) {
    assertThat(declared).as("asked without having declared it").contains(Oracle.LAYER_CURVATURE);
    inner.outputCurvature(theta, sample, v, out);
  }

  @Override
  public void outputJacobian(double[] theta, int sample, double[] out, int at) {
    assertThat(declared).as("asked without having declared it").contains(Oracle.LAYER_CURVATURE);
    inner.outputJacobian(theta, sample, out, at);
  }
}
