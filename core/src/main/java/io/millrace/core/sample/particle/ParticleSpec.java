package io.millrace.core.sample.particle;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Everything the system knows of a method over particles; declared in its own file, listed once in
 * {@link io.millrace.core.sample.chain.ParticleMethods}.
 *
 * @param id lower-case with hyphens
 * @param hypers beside the step size, in order
 */
public record ParticleSpec(
    String id, Source source, List<Hyper> hypers, Function<HyperValues, ParticleMethod> make)
    implements Spec {
  public ParticleSpec {
    hypers = List.copyOf(hypers);
  }

  /**
   * A method from the values given and the defaults of the rest.
   *
   * @throws io.millrace.core.ConfigException listing every fault
   */
  public ParticleMethod build(Map<String, Double> given) {
    return make.apply(HyperValues.of("particles." + id, hypers, given));
  }
}
