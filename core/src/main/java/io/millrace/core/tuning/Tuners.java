package io.millrace.core.tuning;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Spec;
import java.util.List;

/** Every tuner there is, one line each; the first is the default. */
public final class Tuners {
  public static final List<TunerSpec> ALL =
      List.of(
          Asha.SPEC,
          SuccessiveHalving.SPEC,
          Hyperband.SPEC,
          ConfigGp.SPEC,
          OnePlusOneEs.SPEC,
          SepCmaEs.SPEC,
          RandomSearch.SPEC);

  private Tuners() {}

  /**
   * Looks a tuner up.
   *
   * @throws ConfigException naming the known ones
   */
  public static TunerSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(() -> new ConfigException("no tuner '" + id + "'; known: " + Spec.ids(ALL)));
  }
}
