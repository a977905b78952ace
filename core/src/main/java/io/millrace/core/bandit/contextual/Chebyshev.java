package io.millrace.core.bandit.contextual;

/** Chebyshev polynomials of the first kind. */
final class Chebyshev {
  private Chebyshev() {}

  /**
   * {@code T_0(z) .. T_(m-1)(z)}: T_0 = 1, T_1 = z, T_j = 2 z T_(j-1) - T_(j-2).
   *
   * @param z in [-1, 1]
   * @param out overwritten from {@code at}
   */
  static void fill(double z, int m, double[] out, int at) {
    out[at] = 1;
    if (m > 1) {
      out[at + 1] = z;
    }
    for (int j = 2; j < m; j++) {
      out[at + j] = 2 * z * out[at + j - 1] - out[at + j - 2];
    }
  }
}
