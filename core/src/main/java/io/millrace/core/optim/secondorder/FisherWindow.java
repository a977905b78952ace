package io.millrace.core.optim.secondorder;

import io.millrace.core.linalg.PositiveDefinite;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;

/**
 * The matrix {@code count damp I + W W'} of a ring of gradients, W the rows of the ring: the small
 * system behind a step with {@code (damp I + W'W / count)^-1}.
 */
final class FisherWindow {
  static final Hyper WINDOW =
      Hyper.structural("window", 32, Range.integers(1, Integer.MAX_VALUE), "gradients in the ring");

  static final Hyper DAMP = new Hyper("damp", 0.1, Range.positive(), "added to the Fisher matrix");

  private FisherWindow() {}

  /** Rows in use after {@code t} gradients. */
  static int used(int count, long t) {
    return (int) Math.min(count, t);
  }

  /**
   * Solves in place.
   *
   * @param gram [count x count] row products, of which the first {@code used} are in use
   * @param y [used] right-hand side, overwritten by the solution
   * @return false where a product has overflowed; y is then undefined
   */
  static boolean solve(
      double[] gram, int count, int used, double damp, StepContext context, double[] y) {
    double[] l = context.workspace().atLeast("fisher-window", used * used);
    for (int i = 0; i < used; i++) {
      System.arraycopy(gram, i * count, l, i * used, used);
      l[i * used + i] += count * damp;
    }
    return PositiveDefinite.solve(context.compute(), used, l, y);
  }
}
