package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;

/**
 * Between what outcomes lie. With a range they are put into [0, 1] for the estimators, which bounds
 * with a guarantee need; without one they are taken as they are.
 */
record OutcomeRange(double low, double high) {
  /** Outcomes are taken as they are. */
  static final OutcomeRange NONE =
      new OutcomeRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /**
   * A range as the command line has it.
   *
   * @param text LOW:HIGH; null: none
   */
  static OutcomeRange of(String text) {
    if (text == null) {
      return NONE;
    }
    String[] ends = text.split(":", -1);
    try {
      OutcomeRange range =
          new OutcomeRange(Double.parseDouble(ends[0]), Double.parseDouble(ends[1]));
      if (ends.length == 2 && range.known() && range.low < range.high) {
        return range;
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      // Said below.
    }
    throw new CommandFailed(
        "--range " + text + "; must be LOW:HIGH, two finite numbers, the smaller one first");
  }

  boolean known() {
    return Double.isFinite(low) && Double.isFinite(high);
  }

  /** What is wrong with an outcome; null: nothing. */
  String fault(String name, double outcome) {
    if (!Double.isFinite(outcome)) {
      return name + " = " + outcome + "; must be finite";
    }
    return outcome >= low && outcome <= high
        ? null
        : name + " = " + outcome + "; must lie in [" + low + ", " + high + "], as --range says";
  }

  /** An outcome as the estimators take it. */
  double scaled(double outcome) {
    return known() ? (outcome - low) / (high - low) : outcome;
  }

  /** What an estimate of scaled outcomes is of outcomes. */
  double value(double estimate) {
    return known() ? low + (high - low) * estimate : estimate;
  }

  /** What a distance between estimates is between outcomes. */
  double distance(double scaled) {
    return known() ? (high - low) * scaled : scaled;
  }
}
