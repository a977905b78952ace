package io.millrace.core.model;

import io.millrace.core.ConfigException;
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
  public static LossSpec loss(String id) {
    return ALL.stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "model.loss = "
                        + id
                        + "; must be one of "
                        + ALL.stream().map(LossSpec::id).toList()));
  }
}
