package io.millrace.core.sample.surrogate;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Everything the system knows of a kind of surrogate; declared in its own file, listed once in
 * {@link io.millrace.core.sample.chain.SurrogateKinds}.
 *
 * @param id lower-case with hyphens, {@code surrogate.kind} in a job's YAML
 * @param hypers in order
 */
public record SurrogateSpec(
    String id, Source source, List<Hyper> hypers, Function<HyperValues, SurrogateKind> make)
    implements Spec {
  public SurrogateSpec {
    hypers = List.copyOf(hypers);
  }

  /**
   * A kind from the values given and the defaults of the rest.
   *
   * @throws io.millrace.core.ConfigException listing every fault
   */
  public SurrogateKind build(Map<String, Double> given) {
    return make.apply(HyperValues.of("surrogate." + id, hypers, given));
  }
}
