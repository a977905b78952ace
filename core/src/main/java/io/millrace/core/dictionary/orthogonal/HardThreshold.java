package io.millrace.core.dictionary.orthogonal;

import io.millrace.core.compute.Vectors;

/**
 * Sets the small entries of a code to 0: of {@code c = D'y}, D orthogonal, what is left minimises
 * {@code 0.5 ||y - D a||^2 + 0.5 tau^2 ||a||_0} with at most {@code most} non-zeros. Immutable.
 *
 * @param tau entries of at most this size become 0
 * @param most non-zeros at most, of equal ones the first; 0: no limit
 */
record HardThreshold(double tau, int most) {
  /** Whether entries are left out at all. */
  boolean leavesOut() {
    return tau > 0 || most > 0;
  }

  /**
   * Applies itself in place.
   *
   * @param a [n] from {@code at}
   * @return non-zeros left
   */
  int apply(double[] a, int at, int n) {
    int count = 0;
    for (int j = at; j < at + n; j++) {
      if (Math.abs(a[j]) <= tau) {
        a[j] = 0;
      } else {
        count++;
      }
    }
    if (most == 0 || count <= most) {
      return count;
    }
    Vectors.keepLargest(a, at, n, most);
    return most;
  }
}
