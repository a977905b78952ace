package io.millrace.core.model;

import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.Set;

/**
 * Everything the system knows of a kind of model; declared in the kind's own file, listed once in
 * {@link Models}.
 *
 * @param id lower-case, as in the job's YAML
 * @param doc one sentence
 * @param optimizer id in the catalogue of the one to use where none is named
 * @param settings those of {@link ModelOptions} that it has, by their names in the YAML
 * @param make from options whose foreign settings are absent and the loss
 */
public record ModelSpec(
    String id, String doc, String optimizer, Source source, Set<String> settings, Factory make)
    implements Spec {
  /** Builds an architecture. */
  @FunctionalInterface
  public interface Factory {
    /**
     * The architecture.
     *
     * @throws io.millrace.core.ConfigException listing every fault
     */
    Architecture make(ModelOptions options, Loss loss);
  }
}
