package io.millrace.core.optim;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;
import java.util.function.Function;

/**
 * Everything the system knows of a {@link Part}; declared in the part's own file, listed once in
 * {@link io.millrace.core.catalog.Parts}. A part is in use when a configuration names one of its
 * hyperparameters.
 *
 * @param id lower-case with hyphens
 * @param hypers their names differ from those of every optimizer and every other part
 * @param make builds the part from a full set of values
 */
public record PartSpec(
    String id, Source source, List<Hyper> hypers, Function<HyperValues, Part> make)
    implements Spec {
  public PartSpec {
    hypers = List.copyOf(hypers);
  }
}
