package io.millrace.core.dictionary.orthogonal;

import java.util.Arrays;

/**
 * Sets the small entries of a code to 0: of {@code c = D'y}, D orthogonal, what is left minimises
 * {@code 0.5 ||y - D a||^2 + 0.5 tau^2 ||a||_0} with at most {@code most} non-zeros. Immutable.
 *
 * @param tau entries of at most this size become 0
 * @param most non-zeros at most, of equal ones the first; 0: no limit
 */
record HardThreshold(double tau, int most) {
  /**
   * Applies itself in place.
   *
   * @param a [n] from {@code at}
   * @param scratch [n]
   * @return non-zeros left
   */
  int apply(double[] a, int at, int n, double[] scratch) {
    int count = 0;
    for (int j = 0; j < n; j++) {
      double size = Math.abs(a[at + j]);
      if (size <= tau) {
        a[at + j] = 0;
      } else {
        scratch[count++] = size;
      }
    }
    return most == 0 || count <= most ? count : cut(a, at, n, count, scratch);
  }

  private int cut(double[] a, int at, int n, int count, double[] sizes) {
    Arrays.sort(sizes, 0, count);
    double least = sizes[count - most];
    int ties = 0;
    for (int i = count - most; i < count && sizes[i] == least; i++) {
      ties++;
    }
    for (int j = 0; j < n; j++) {
      double size = Math.abs(a[at + j]);
      if (size < least || size == least && ties-- <= 0) {
        a[at + j] = 0;
      }
    }
    return most;
  }
}
