package io.millrace.core.optim;

import io.millrace.core.ConfigException;
import java.util.List;

/** Every optimizer there is, one line each. */
public final class Catalog {
  public static final List<OptimizerSpec> OPTIMIZERS = List.of();

  private Catalog() {}

  /**
   * Looks an optimizer up.
   *
   * @throws ConfigException naming the known ones
   */
  public static OptimizerSpec optimizer(String id) {
    return OPTIMIZERS.stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "no optimizer '"
                        + id
                        + "'; known: "
                        + OPTIMIZERS.stream().map(OptimizerSpec::id).toList()));
  }
}
