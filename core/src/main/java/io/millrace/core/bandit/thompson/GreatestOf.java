package io.millrace.core.bandit.thompson;

import java.util.Arrays;

/**
 * Probabilities that each of some independent random variables is the greatest,
 *
 * <pre>
 * p_i = integral of f_i(x) prod over j != i of F_j(x) dx
 * </pre>
 *
 * <p>by Gauss-Legendre quadrature with eight nodes per panel. Panels end where the caller says: at
 * a few multiples of every variable's deviation around its mean, so that none is stepped over
 * however narrow it is. Distribution functions come from the densities by integrating their
 * interpolation within each panel, and densities need no constant factor: both are divided by the
 * whole integral. Scratch; grows to the largest problem so far. Not thread-safe.
 */
public final class GreatestOf {
  private static final double[] NODES = {
    -0.9602898564975363,
    -0.7966664774136267,
    -0.525532409916329,
    -0.18343464249564978,
    0.18343464249564978,
    0.525532409916329,
    0.7966664774136267,
    0.9602898564975363
  };

  private static final double[] WEIGHTS = {
    0.10122853629037626,
    0.22238103445337448,
    0.31370664587788727,
    0.362683783378362,
    0.362683783378362,
    0.31370664587788727,
    0.22238103445337448,
    0.10122853629037626
  };

  private static final int PER_PANEL = NODES.length;

  /** {@code [k][l]}: integral from -1 to node k of the polynomial that is 1 at node l alone. */
  private static final double[][] UP_TO = upTo();

  /** Least probability of a variable: none is impossible. */
  private static final double LEAST = 1e-12;

  private double[] breaks = new double[64];
  private int breakCount;
  private double[] x = new double[0];
  private double[] half = new double[0];
  private int panels;
  private int n;

  /** {@code [n x nodes]}, variable by variable: densities, then divided by their integrals. */
  private double[] f = new double[0];

  private double[] cumulative = new double[0];
  private double[] after = new double[0];

  private static double[][] upTo() {
    double[][] a = new double[PER_PANEL][PER_PANEL];
    for (int k = 0; k < PER_PANEL; k++) {
      for (int l = 0; l < PER_PANEL; l++) {
        for (int j = 0; j < PER_PANEL; j++) {
          double integral =
              j == 0
                  ? NODES[k] + 1
                  : (legendre(j + 1, NODES[k]) - legendre(j - 1, NODES[k])) / (2 * j + 1);
          a[k][l] += WEIGHTS[l] * (2 * j + 1) / 2 * legendre(j, NODES[l]) * integral;
        }
      }
    }
    return a;
  }

  private static double legendre(int degree, double at) {
    double before = 1;
    double p = at;
    if (degree == 0) {
      return 1;
    }
    for (int j = 2; j <= degree; j++) {
      double next = ((2 * j - 1) * at * p - (j - 1) * before) / j;
      before = p;
      p = next;
    }
    return p;
  }

  /** Begins with another set of variables. */
  void begin() {
    breakCount = 0;
  }

  /** A panel ends here. */
  void breakAt(double at) {
    if (breakCount == breaks.length) {
      breaks = Arrays.copyOf(breaks, 2 * breakCount);
    }
    breaks[breakCount++] = at;
  }

  /**
   * Lays the nodes between the least and the greatest break.
   *
   * @param variables how many there are
   * @param apart breaks that are nearer to each other count as one
   */
  void lay(int variables, double apart) {
    n = variables;
    Arrays.sort(breaks, 0, breakCount);
    panels = 0;
    if (half.length < breakCount) {
      half = new double[breaks.length];
      x = new double[breaks.length * PER_PANEL];
    }
    double from = breaks[0];
    for (int b = 1; b < breakCount; b++) {
      if (breaks[b] - from > apart || b == breakCount - 1 && breaks[b] > from) {
        panel(from, breaks[b]);
        from = breaks[b];
      }
    }
    int size = n * nodes();
    if (f.length < size) {
      f = new double[2 * size];
      cumulative = new double[2 * size];
    }
    if (after.length < n + 1) {
      after = new double[2 * n + 1];
    }
  }

  private void panel(double from, double to) {
    half[panels] = (to - from) / 2;
    for (int k = 0; k < PER_PANEL; k++) {
      x[panels * PER_PANEL + k] = (from + to) / 2 + half[panels] * NODES[k];
    }
    panels++;
  }

  /** Number of nodes. */
  int nodes() {
    return panels * PER_PANEL;
  }

  /** Node {@code k}. */
  double node(int k) {
    return x[k];
  }

  /**
   * Sets a density.
   *
   * @param i variable
   * @param k node
   * @param value at least 0, up to a factor that is the same at all nodes
   */
  void density(int i, int k, double value) {
    f[i * nodes() + k] = value;
  }

  /**
   * The probabilities.
   *
   * @param p by variable, overwritten; sums to 1
   */
  void probabilities(double[] p) {
    for (int i = 0; i < n; i++) {
      integrate(i * nodes());
    }
    Arrays.fill(p, 0, n, 0);
    for (int k = 0; k < nodes(); k++) {
      double weight = half[k / PER_PANEL] * WEIGHTS[k % PER_PANEL];
      after[n] = 1;
      for (int i = n - 1; i >= 0; i--) {
        after[i] = after[i + 1] * cumulative[i * nodes() + k];
      }
      double before = weight;
      for (int i = 0; i < n; i++) {
        p[i] += f[i * nodes() + k] * before * after[i + 1];
        before *= cumulative[i * nodes() + k];
      }
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      p[i] = Math.max(p[i], LEAST);
      sum += p[i];
    }
    for (int i = 0; i < n; i++) {
      p[i] /= sum;
    }
  }

  /** Divides a density by its integral and computes its distribution function. */
  private void integrate(int from) {
    double total = 0;
    for (int b = 0; b < panels; b++) {
      int at = from + b * PER_PANEL;
      double inPanel = 0;
      for (int k = 0; k < PER_PANEL; k++) {
        double partly = 0;
        for (int l = 0; l < PER_PANEL; l++) {
          partly += UP_TO[k][l] * f[at + l];
        }
        cumulative[at + k] = total + half[b] * partly;
        inPanel += WEIGHTS[k] * f[at + k];
      }
      total += half[b] * inPanel;
    }
    for (int k = from; k < from + nodes(); k++) {
      f[k] /= total;
      cumulative[k] = Math.max(0, Math.min(1, cumulative[k] / total));
    }
  }
}
