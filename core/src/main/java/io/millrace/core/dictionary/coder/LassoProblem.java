package io.millrace.core.dictionary.coder;

import io.millrace.core.spec.HyperValues;

/**
 * The problem that lasso coders solve: minimise {@code 0.5 ||x - D a||^2 + lambda ||a||_1 + 0.5
 * lambda2 ||a||^2}, over {@code a >= 0} where so set.
 *
 * @param lambda at least 0
 * @param lambda2 at least 0
 * @param nonNegative whether codes have no negative entries
 */
public record LassoProblem(double lambda, double lambda2, boolean nonNegative) {
  /** From the hyperparameters of those names, all of which the coder must have declared. */
  static LassoProblem of(HyperValues v) {
    return new LassoProblem(
        v.get(CoderHypers.lambda(1)), v.get(CoderHypers.LAMBDA2), v.flag(CoderHypers.NON_NEGATIVE));
  }

  /** What is added to the squared error, at a code [K] from {@code aOffset}. */
  double penalty(int atoms, double[] a, int aOffset) {
    double l1 = 0;
    double squares = 0;
    for (int j = aOffset; j < aOffset + atoms; j++) {
      l1 += Math.abs(a[j]);
      squares += a[j] * a[j];
    }
    return lambda * l1 + 0.5 * lambda2 * squares;
  }

  /** The proximal map of {@code threshold |.|}: v drawn towards 0, to 0 where it does not reach. */
  double shrink(double v, double threshold) {
    double size = (nonNegative ? v : Math.abs(v)) - threshold;
    return size > 0 ? Math.copySign(size, v) : 0;
  }

  /**
   * How far one entry is from optimal: the smallest size of an element of the subdifferential.
   *
   * @param g minus the derivative of the smooth part, lambda2 included
   * @param a the entry
   */
  double violation(double g, double a) {
    return a != 0
        ? Math.abs(g - Math.copySign(lambda, a))
        : Math.max((nonNegative ? g : Math.abs(g)) - lambda, 0);
  }
}
