package io.millrace.core.tuning;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Successive halving: n configurations, of which one in eta goes on to eta times the resource,
 * until one is left. Jamieson, Talwalkar, "Non-stochastic Best Arm Identification and
 * Hyperparameter Optimization", arXiv:1502.07943.
 *
 * <p>Deviations from the paper: the budget of each rung is given by its least resource, as in
 * Hyperband, not as a total.
 */
public final class SuccessiveHalving {
  static final Hyper CONFIGS =
      Hyper.structural("configs", 27, Range.integers(1, 100_000), "configurations at the start");
  static final Hyper RESOURCE =
      new Hyper("resource", 1, Range.positive(), "resource of the lowest rung");

  public static final TunerSpec SPEC =
      new TunerSpec(
          "successive-halving",
          1,
          new Source(
              "Jamieson, Talwalkar, Non-stochastic Best Arm Identification and Hyperparameter"
                  + " Optimization, arXiv:1502.07943",
              Source.Confidence.DERIVED),
          false,
          List.of(CONFIGS, Halving.ETA, RESOURCE, Halving.EVEN),
          SuccessiveHalving::make);

  private SuccessiveHalving() {}

  private static Tuner make(TunerSettings settings) {
    int configs = (int) settings.values().get(CONFIGS);
    int eta = (int) settings.values().get(Halving.ETA);
    return new Halving(
        SPEC,
        settings,
        List.of(
            new Bracket(
                configs,
                settings.values().get(RESOURCE),
                Bracket.logarithm(configs, eta) + 1,
                eta)));
  }
}
