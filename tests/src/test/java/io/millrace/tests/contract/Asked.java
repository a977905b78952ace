package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import java.util.Set;

/** An objective that answers only the questions an optimizer has declared. */
record Asked(Objective inner, Set<Oracle> declared) implements Objective {
  private void ask(Oracle question) {
    assertThat(declared).as("asked without having declared it").contains(question);
  }

  @Override
  public ParamLayout layout() {
    return inner.layout();
  }

  @Override
  public double value(double[] theta) {
    ask(Oracle.VALUE);
    return inner.value(theta);
  }

  @Override
  public void gradient(double[] theta, double[] out) {
    ask(Oracle.GRADIENT);
    double[] before = theta.clone();
    inner.gradient(theta, out);
    assertThat(theta).isEqualTo(before);
  }

  @Override
  public int samples() {
    return inner.samples();
  }

  @Override
  public void sampleGradient(double[] theta, int sample, double[] out) {
    ask(Oracle.PER_SAMPLE_GRADIENT);
    inner.sampleGradient(theta, sample, out);
  }

  @Override
  public void storeSample(int sample, double[] to, int at) {
    ask(Oracle.STORED_SAMPLE);
    inner.storeSample(sample, to, at);
  }

  @Override
  public void storedGradient(double[] theta, double[] stored, int at, double[] out) {
    ask(Oracle.STORED_SAMPLE);
    inner.storedGradient(theta, stored, at, out);
  }

  @Override
  public void hessianVector(double[] theta, double[] v, double[] out) {
    ask(Oracle.HESSIAN_VECTOR);
    inner.hessianVector(theta, v, out);
  }

  @Override
  public int layers() {
    return inner.layers();
  }

  @Override
  public Layer layer(int index) {
    ask(Oracle.LAYER);
    return new AskedLayer(inner.layer(index), declared);
  }
}
