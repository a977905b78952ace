package io.millrace.core.bandit;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Something that is put around any policy; declared in its own file, listed once in {@link
 * io.millrace.core.bandit.catalog.Policies}. A part is in use when a configuration names one of its
 * hyperparameters.
 *
 * @param id lower-case with hyphens
 * @param hypers their names differ from those of every policy and every other part
 * @param around builds the policy with the part around it, from a full set of the part's values
 */
public record PolicyPart(
    String id, Source source, List<Hyper> hypers, BiFunction<Policy, HyperValues, Policy> around)
    implements Spec {
  public PolicyPart {
    hypers = List.copyOf(hypers);
  }
}
