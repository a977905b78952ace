package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.optim.ForwardingObjective;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Oracle;
import java.util.Set;

/** An objective that answers only the questions an optimizer has declared. */
final class Asked extends ForwardingObjective {
  private final Objective inner;
  private final Set<Oracle> declared;

  Asked(Objective inner, Set<Oracle> declared) {
    this.inner = inner;
    this.declared = declared;
  }

  @Override
  protected Objective inner() {
    return inner;
  }

  @Override
  protected void asked(Oracle question) {
    assertThat(declared).as("asked without having declared it").contains(question);
  }

  @Override
  public void gradient(double[] theta, double[] out) {
    double[] before = theta.clone();
    super.gradient(theta, out);
    assertThat(theta).isEqualTo(before);
  }

  @Override
  public Layer layer(int index) {
    return new AskedLayer(super.layer(index), declared);
  }
}
