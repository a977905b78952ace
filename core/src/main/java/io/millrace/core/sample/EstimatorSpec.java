package io.millrace.core.sample;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Everything the system knows of an estimator; declared in its own file, listed once in {@link
 * io.millrace.core.sample.chain.Estimators}.
 *
 * @param id lower-case with hyphens
 * @param stateVersion counts up whenever the set of slots or their meaning changes
 * @param hypers in order
 */
public record EstimatorSpec(
    String id,
    int stateVersion,
    Source source,
    List<Hyper> hypers,
    Function<HyperValues, Estimator> make)
    implements Spec {
  public EstimatorSpec {
    hypers = List.copyOf(hypers);
  }

  /**
   * An estimator from the values given and the defaults of the rest.
   *
   * @throws io.millrace.core.ConfigException listing every fault
   */
  public Estimator build(Map<String, Double> given) {
    return make.apply(HyperValues.of("estimator." + id, hypers, given));
  }
}
