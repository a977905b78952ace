package io.millrace.core.sample.chain;

import io.millrace.core.ConfigException;
import io.millrace.core.sample.EstimatorSpec;
import io.millrace.core.sample.estimator.ControlVariate;
import io.millrace.core.sample.estimator.FullGradient;
import io.millrace.core.sample.estimator.MiniBatch;
import io.millrace.core.sample.estimator.Saga;
import io.millrace.core.sample.estimator.Svrg;
import io.millrace.core.spec.Spec;
import java.util.List;

/** Every estimator of the gradient there is, one line each. */
public final class Estimators {
  public static final List<EstimatorSpec> ALL =
      List.of(MiniBatch.SPEC, ControlVariate.SPEC, Svrg.SPEC, Saga.SPEC, FullGradient.SPEC);

  private Estimators() {}

  /**
   * Looks one up.
   *
   * @throws ConfigException naming the known ones
   */
  public static EstimatorSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(
            () -> new ConfigException("no estimator '" + id + "'; known: " + Spec.ids(ALL)));
  }
}
