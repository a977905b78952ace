package io.millrace.core.sample.chain;

import io.millrace.core.ConfigException;
import io.millrace.core.sample.DiffusionSpec;
import io.millrace.core.sample.diffusion.Hamiltonian;
import io.millrace.core.sample.diffusion.Langevin;
import io.millrace.core.sample.diffusion.MirrorLangevin;
import io.millrace.core.sample.diffusion.PreconditionedLangevin;
import io.millrace.core.sample.diffusion.ProximalLangevin;
import io.millrace.core.spec.Spec;
import java.util.List;

/** Every diffusion there is, one line each. */
public final class Diffusions {
  public static final List<DiffusionSpec> ALL =
      List.of(
          Langevin.SPEC,
          PreconditionedLangevin.SPEC,
          Hamiltonian.SPEC,
          ProximalLangevin.SPEC,
          MirrorLangevin.SPEC);

  private Diffusions() {}

  /**
   * Looks one up.
   *
   * @throws ConfigException naming the known ones
   */
  public static DiffusionSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(
            () -> new ConfigException("no diffusion '" + id + "'; known: " + Spec.ids(ALL)));
  }
}
