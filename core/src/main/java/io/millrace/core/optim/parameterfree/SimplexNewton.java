package io.millrace.core.optim.parameterfree;

/**
 * A Newton step that stays in the probability simplex: approaches, from v = w,
 *
 * <pre>
 * argmin over v &gt;= 0, sum v = 1  of  s'(v - w) + (v - w)'(A + rho I)(v - w) / 2
 * </pre>
 *
 * <p>by exact minimization along e_i - e_j for all pairs in turn, {@link #SWEEPS} times over (the
 * pairwise steps of sequential minimal optimization). The value falls with every pair, so that
 * however few the sweeps, the result is no worse than w.
 */
final class SimplexNewton {
  /** With few weights that were near their minimum a step ago, more change nothing. */
  static final int SWEEPS = 3;

  private SimplexNewton() {}

  /**
   * Moves the weights.
   *
   * @param w weights, none below 0, of sum 1; modified in place
   * @param s slopes at w, not modified
   * @param a symmetric, row-major, no negative eigenvalue; not modified
   * @param rho above 0
   * @param gradient scratch, as long as w
   */
  static void step(double[] w, double[] s, double[] a, double rho, double[] gradient) {
    int n = w.length;
    System.arraycopy(s, 0, gradient, 0, n);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int i = 1; i < n; i++) {
        for (int j = 0; j < i; j++) {
          shift(w, a, rho, gradient, i, j);
        }
      }
    }
    double sum = 0;
    for (double wi : w) {
      sum += wi;
    }
    for (int i = 0; i < n; i++) {
      w[i] /= sum; // What rounding took or added.
    }
  }

  /** Moves weight from j to i, or back, as far as it pays or there is some. */
  private static void shift(double[] w, double[] a, double rho, double[] gradient, int i, int j) {
    int n = w.length;
    double curvature = a[i * n + i] + a[j * n + j] - 2 * a[i * n + j] + 2 * rho;
    if (curvature == 0) {
      return; // All that bends has underflowed.
    }
    double best = (gradient[j] - gradient[i]) / curvature;
    double moved = Math.max(-w[i], Math.min(w[j], best));
    w[i] += moved;
    w[j] -= moved;
    for (int k = 0; k < n; k++) {
      gradient[k] += moved * (a[k * n + i] - a[k * n + j]);
    }
    gradient[i] += moved * rho;
    gradient[j] -= moved * rho;
  }
}
