package io.millrace.core.dictionary.coder;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;

/** Hyperparameters that several coders share. */
final class CoderHypers {
  static final Hyper LAMBDA2 =
      new Hyper("lambda2", 0, Range.nonNegative(), "weight of 0.5 ||a||^2 (elastic net)");

  static final Hyper NON_NEGATIVE =
      new Hyper("nonnegative-codes", 0, Range.flag(), "1: codes have no negative entries");

  static final Hyper TOLERANCE =
      new Hyper(
          "tolerance",
          1e-4,
          Range.nonNegative(),
          "a code is done when its duality gap is at most this part of half the signal's squared"
              + " norm, and no entry has changed by more than this part of the norm");

  static final Hyper MAX_SWEEPS =
      new Hyper(
          "max-sweeps",
          1000,
          Range.integers(1, 1e9),
          "limit of sweeps per signal; a sweep gives every entry one chance to change. The figure"
              + " 'unconvergedCodes' counts the codes that it ended");

  private CoderHypers() {}

  /**
   * The weight of {@code ||a||_1}; default 1.2 / sqrt(m), meant for signals of unit norm (Mairal et
   * al. 2009).
   *
   * @param dimension m, at least 1
   */
  static Hyper lambda(int dimension) {
    return new Hyper(
        "lambda",
        1.2 / Math.sqrt(dimension),
        Range.nonNegative(),
        "weight of ||a||_1; default 1.2 / sqrt(signal length)");
  }
}
