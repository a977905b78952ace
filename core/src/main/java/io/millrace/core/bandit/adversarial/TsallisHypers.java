package io.millrace.core.bandit.adversarial;

import io.millrace.core.bandit.CostRange;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;

/** Hyperparameters of the Tsallis-INF family. */
final class TsallisHypers {
  static final Hyper SCALED =
      Hyper.structural(
          "scaled",
          1,
          Range.flag(),
          "1: costs have no upper bound, losses are divided by their running mean; 0: costs lie"
              + " between cost-low and cost-high");

  static final Hyper MAX_DELAY =
      new Hyper(
          "max-delay",
          0,
          Range.nonNegative(),
          "D, decisions that may be made before the cost of one comes: eta = 2 / sqrt(t + D)");

  private TsallisHypers() {}

  /** Costs that the settings allow. */
  static CostRange costs(PolicySettings settings) {
    if (settings.values().flag(SCALED)) {
      double low = settings.values().get(PolicyHypers.COST_LOW);
      return new CostRange(low, false, Double.POSITIVE_INFINITY);
    }
    return PolicyHypers.bounds(settings);
  }
}
