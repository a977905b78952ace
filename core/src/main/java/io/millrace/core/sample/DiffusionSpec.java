package io.millrace.core.sample;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import io.millrace.core.spec.Spec;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Everything the system knows of a diffusion; declared in its own file, listed once in {@link
 * io.millrace.core.sample.chain.Diffusions}.
 *
 * @param id lower-case with hyphens
 * @param stateVersion counts up whenever the set of slots or their meaning changes
 * @param hypers beside the step size, in order
 */
public record DiffusionSpec(
    String id,
    int stateVersion,
    Source source,
    List<Hyper> hypers,
    Function<HyperValues, Diffusion> make)
    implements Spec {
  public DiffusionSpec {
    hypers = List.copyOf(hypers);
  }

  /**
   * A diffusion from the values given and the defaults of the rest.
   *
   * @throws io.millrace.core.ConfigException listing every fault
   */
  public Diffusion build(Map<String, Double> given) {
    return make.apply(HyperValues.of("diffusion." + id, hypers, given));
  }
}
