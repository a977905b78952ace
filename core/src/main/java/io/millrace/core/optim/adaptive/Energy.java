package io.millrace.core.optim.adaptive;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;

/** What the methods with an energy share. */
final class Energy {
  static final Hyper C =
      new Hyper("c", 1, Range.positive(), "added to the loss, which has to stay above -c");

  /** Share of c that is left of f + c at least. */
  private static final double FLOOR = 0.01;

  private Energy() {}

  /**
   * sqrt(f + c). A loss close to -c or below it would have no energy, or hardly any to divide by:
   * it counts as the loss at which a hundredth of c is left.
   */
  static double of(double loss, double c) {
    return Math.sqrt(Math.max(loss + c, FLOOR * c));
  }
}
