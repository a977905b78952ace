package io.millrace.tests.contract;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.ParamLayout;

/** f(k theta): an objective whose i-th coordinate is stretched by k_i. */
record Stretched(Objective inner, double[] k) implements Objective {
  private double[] point(double[] theta) {
    double[] at = theta.clone();
    for (int i = 0; i < at.length; i++) {
      at[i] *= k[i];
    }
    return at;
  }

  @Override
  public ParamLayout layout() {
    return inner.layout();
  }

  @Override
  public double value(double[] theta) {
    return inner.value(point(theta));
  }

  @Override
  public void gradient(double[] theta, double[] out) {
    inner.gradient(point(theta), out);
    for (int i = 0; i < out.length; i++) {
      out[i] *= k[i];
    }
  }
}
