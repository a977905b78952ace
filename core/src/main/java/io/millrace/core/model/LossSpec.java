package io.millrace.core.model;

import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;

/**
 * Everything the system knows of a loss; declared in the loss's own file, listed once in {@link
 * Losses}.
 *
 * @param id lower-case, as in the job's YAML
 * @param target what its labels are
 * @param maxClasses most classes, 0: labels are no classes
 * @param parameter the loss's one number, null: it has none
 * @param make from the number of classes and the parameter (NaN where there is none)
 */
public record LossSpec(
    String id,
    InputSpec.Target target,
    int maxClasses,
    Hyper parameter,
    Source source,
    Factory make)
    implements Spec {
  /** Builds a loss. */
  @FunctionalInterface
  public interface Factory {
    Loss make(int classes, double parameter);
  }
}
