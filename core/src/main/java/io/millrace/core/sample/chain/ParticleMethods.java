package io.millrace.core.sample.chain;

import io.millrace.core.ConfigException;
import io.millrace.core.sample.particle.MirroredSvgd;
import io.millrace.core.sample.particle.ParticleSpec;
import io.millrace.core.sample.particle.Svgd;
import io.millrace.core.spec.Spec;
import java.util.List;

/** Every method over particles there is, one line each. */
public final class ParticleMethods {
  public static final List<ParticleSpec> ALL = List.of(Svgd.SPEC, MirroredSvgd.SPEC);

  private ParticleMethods() {}

  /**
   * Looks one up.
   *
   * @throws ConfigException naming the known ones
   */
  public static ParticleSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(
            () -> new ConfigException("no particle method '" + id + "'; known: " + Spec.ids(ALL)));
  }
}
