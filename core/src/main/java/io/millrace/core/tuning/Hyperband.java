package io.millrace.core.tuning;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Hyperband: successive halving in several brackets, from many configurations with little resource
 * to few with all of it, because it is not known beforehand how soon a loss tells. Li, Jamieson,
 * DeSalvo, Rostamizadeh, Talwalkar, "Hyperband: A Novel Bandit-Based Approach to Hyperparameter
 * Optimization", arXiv:1603.06560, Algorithm 1.
 *
 * <pre>
 * s = s_max .. 0,  s_max = floor(log_eta R):  n = ceil((s_max + 1) eta^s / (s + 1)),  r = R eta^-s
 * </pre>
 *
 * <p>Deviations from the paper: none; the brackets are gone through once.
 */
public final class Hyperband {
  static final Hyper RESOURCE =
      Hyper.structural(
          "max-resource",
          81,
          Range.integers(1, 100_000),
          "R, resource of the highest rung, in units of the least that a trial can have");

  public static final TunerSpec SPEC =
      new TunerSpec(
          "hyperband",
          1,
          new Source(
              "Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar, Hyperband: A Novel Bandit-Based"
                  + " Approach to Hyperparameter Optimization, arXiv:1603.06560, Algorithm 1",
              Source.Confidence.DERIVED),
          false,
          List.of(RESOURCE, Halving.ETA, Halving.EVEN),
          Hyperband::make);

  private Hyperband() {}

  private static Tuner make(TunerSettings settings) {
    return new Halving(
        SPEC,
        settings,
        Bracket.hyperband(
            (int) settings.values().get(RESOURCE), (int) settings.values().get(Halving.ETA)));
  }
}
