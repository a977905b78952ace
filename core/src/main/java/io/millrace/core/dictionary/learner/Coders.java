package io.millrace.core.dictionary.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.coder.CdLasso;
import io.millrace.core.dictionary.coder.Fista;
import io.millrace.core.dictionary.coder.GreedyCoordinate;
import io.millrace.core.dictionary.coder.Ista;
import io.millrace.core.dictionary.coder.LarsLasso;
import io.millrace.core.dictionary.coder.Omp;
import io.millrace.core.spec.Spec;
import java.util.List;

/** Every sparse coder there is, one line each; the first is the default. */
public final class Coders {
  public static final List<CoderSpec> ALL =
      List.of(
          CdLasso.SPEC,
          LarsLasso.SPEC,
          Omp.SPEC,
          Ista.SPEC,
          Fista.SPEC,
          GreedyCoordinate.GS_S,
          GreedyCoordinate.GS_R,
          GreedyCoordinate.GS_Q,
          GreedyCoordinate.GSL_Q,
          GreedyCoordinate.CYCLIC);

  private Coders() {}

  /**
   * Looks a coder up.
   *
   * @throws ConfigException naming the known ones
   */
  public static CoderSpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(
            () -> new ConfigException("no sparse coder '" + id + "'; known: " + Spec.ids(ALL)));
  }
}
