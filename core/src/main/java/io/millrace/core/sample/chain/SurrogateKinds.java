package io.millrace.core.sample.chain;

import io.millrace.core.ConfigException;
import io.millrace.core.sample.surrogate.ExactSurrogate;
import io.millrace.core.sample.surrogate.LaplaceSurrogate;
import io.millrace.core.sample.surrogate.NoSurrogate;
import io.millrace.core.sample.surrogate.SampledSurrogate;
import io.millrace.core.sample.surrogate.SurrogateSpec;
import io.millrace.core.spec.Spec;
import java.util.List;

/** Every kind of surrogate there is, one line each. */
public final class SurrogateKinds {
  public static final List<SurrogateSpec> ALL =
      List.of(ExactSurrogate.SPEC, LaplaceSurrogate.SPEC, SampledSurrogate.SPEC, NoSurrogate.SPEC);

  private SurrogateKinds() {}

  /**
   * Looks one up.
   *
   * @throws ConfigException naming the known ones
   */
  public static SurrogateSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(
            () ->
                new ConfigException("no kind of surrogate '" + id + "'; known: " + Spec.ids(ALL)));
  }
}
