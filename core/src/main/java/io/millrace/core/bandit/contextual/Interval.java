package io.millrace.core.bandit.contextual;

import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.spec.Hyper;

/**
 * An interval that numbers are expected in; one outside counts as the nearer end.
 *
 * @param low lower end
 * @param high upper end
 */
record Interval(double low, double high) {
  /**
   * That of two hyperparameters.
   *
   * @throws io.millrace.core.ConfigException where there is nothing between them
   */
  static Interval of(PolicySettings settings, Hyper low, Hyper high) {
    return new Interval(settings.values().get(low), PolicyHypers.above(settings, low, high));
  }

  /** That of the context. */
  static Interval context(PolicySettings settings) {
    return of(settings, PolicyHypers.CONTEXT_LOW, PolicyHypers.CONTEXT_HIGH);
  }

  double width() {
    return high - low;
  }

  /** Where a number lies: 0 at the lower end, 1 at the upper. */
  double share(double x) {
    return Math.max(0, Math.min(1, (x - low) / width()));
  }

  /** Where a number lies: -1 at the lower end, 1 at the upper. */
  double centred(double x) {
    return Math.max(-1, Math.min(1, 2 * (x - low) / width() - 1));
  }
}
