package io.millrace.core.model;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Spec;
import java.util.List;

/** Every loss there is, one line each. */
public final class Losses {
  public static final List<LossSpec> ALL =
      List.of(
          LogisticLoss.SPEC,
          SquaredLoss.SPEC,
          SoftmaxLoss.SPEC,
          HingeLoss.SPEC,
          HuberLoss.SPEC,
          QuantileLoss.SPEC,
          PoissonLoss.SPEC);

  private Losses() {}

  /**
   * Looks a loss up.
   *
   * @throws ConfigException naming the known ones
   */
  public static LossSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(
            () -> new ConfigException("model.loss = " + id + "; must be one of " + Spec.ids(ALL)));
  }
}
