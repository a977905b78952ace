package io.millrace.core.supervised;

import io.millrace.core.state.CoordinateTable;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Bounds how many features a key holds. When a step has brought it above the bound, it forgets
 * features until an eighth of the bound is free: those whose parameters are smallest, by the
 * largest size of a feature's parameters, of equal ones those seen earlier. The newest eighth is
 * spared, because what has just come is small whatever it will be worth. A forgotten feature that
 * comes again begins as one that has never been seen.
 *
 * <p>What is forgotten follows from the state alone, so a restored job forgets the same. With
 * mini-batches a step may bring many features at once; until it is taken, a key holds more than the
 * bound. Immutable.
 */
final class Forgetting {
  private final int parameters;
  private final int bound;

  /**
   * A bound.
   *
   * @param parameters of a feature: the first numbers of its record
   * @param bound features that a key may hold after a step, at least 1
   */
  Forgetting(int parameters, int bound) {
    this.parameters = parameters;
    this.bound = bound;
  }

  /** Forgets what is too much after a step. */
  void apply(LearnerState state) {
    CoordinateTable table = state.table(SupervisedParts.FEATURES);
    int count = table.count();
    if (count <= bound) {
      return;
    }
    int drop = count - (bound - bound / 8);
    double[] sizes = new double[count - bound / 8];
    for (int r = 0; r < sizes.length; r++) {
      int at = r * table.width();
      for (int k = 0; k < parameters; k++) {
        sizes[r] = Math.max(sizes[r], Math.abs(table.values()[at + k]));
      }
    }
    double[] sorted = sizes.clone();
    Arrays.sort(sorted);
    double largest = sorted[drop - 1];
    int ofLargest = drop;
    for (int i = 0; i < drop && sorted[i] < largest; i++) {
      ofLargest--;
    }
    BitSet records = new BitSet(count);
    for (int r = 0; r < sizes.length; r++) {
      if (sizes[r] < largest || sizes[r] == largest && ofLargest-- > 0) {
        records.set(r);
      }
    }
    table.remove(records);
    state.block(SupervisedParts.FORGOTTEN)[0] += drop;
  }
}
