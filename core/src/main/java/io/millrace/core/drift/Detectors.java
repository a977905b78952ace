package io.millrace.core.drift;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Spec;
import java.util.List;

/** Every detector of drift there is, one line each; the first is the default. */
public final class Detectors {
  public static final List<DetectorSpec> ALL =
      List.of(
          WarnedAdwin.SPEC,
          PageHinkley.SPEC,
          Ddm.SPEC,
          Eddm.SPEC,
          HddmA.SPEC,
          HddmW.SPEC,
          Kswin.SPEC,
          Stepd.SPEC);

  private Detectors() {}

  /**
   * Looks a detector up.
   *
   * @throws ConfigException naming the known ones
   */
  public static DetectorSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(
            () -> new ConfigException("no detector '" + id + "'; known: " + Spec.ids(ALL)));
  }
}
