package io.millrace.core.dictionary;

/**
 * How good a code is, from the Gram matrix, the correlations and {@code ||x||^2} alone. With g = c
 * - G a: {@code ||x - D a||^2 = ||x||^2 - <a, c + g>}.
 */
public final class CodeMeasures {
  private CodeMeasures() {}

  /**
   * Correlations of the residual, {@code g = c - G a}.
   *
   * @param g [K] from {@code gOffset}, overwritten
   */
  public static void gradient(
      Gram gram, double[] c, int cOffset, double[] a, int aOffset, double[] g, int gOffset) {
    int atoms = gram.atoms();
    double[] values = gram.values();
    System.arraycopy(c, cOffset, g, gOffset, atoms);
    for (int j = 0; j < atoms; j++) {
      double v = a[aOffset + j];
      if (v != 0) {
        int row = j * atoms;
        for (int i = 0; i < atoms; i++) {
          g[gOffset + i] -= v * values[row + i];
        }
      }
    }
  }

  /** {@code ||x - D a||^2}, at least 0. Allocates nothing. */
  public static double residual(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset) {
    int atoms = gram.atoms();
    int[] support = gram.support();
    int n = 0;
    double sum = xx;
    for (int j = 0; j < atoms; j++) {
      double v = a[aOffset + j];
      if (v != 0) {
        double[] row = gram.row(j);
        double half = 0.5 * v * row[j] - c[cOffset + j];
        for (int i = 0; i < n; i++) {
          half += a[aOffset + support[i]] * row[support[i]];
        }
        sum += 2 * v * half;
        support[n++] = j;
      }
    }
    // Rounding may carry an exact representation below zero.
    return Math.max(sum, 0);
  }

  /** {@code 0.5 ||x - D a||^2} and the coder's penalty. */
  public static double objective(
      SparseCoder coder, Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset) {
    return 0.5 * residual(gram, c, cOffset, xx, a, aOffset)
        + coder.penalty(gram.atoms(), a, aOffset);
  }

  /** Number of entries that are not 0. */
  public static int nonZeros(int atoms, double[] a, int aOffset) {
    int n = 0;
    for (int j = 0; j < atoms; j++) {
      if (a[aOffset + j] != 0) {
        n++;
      }
    }
    return n;
  }

  /**
   * Largest violation of the lasso's optimality conditions: {@code |g_j| <= lambda} where a_j is 0,
   * {@code g_j = lambda sign(a_j) + lambda2 a_j} elsewhere.
   *
   * @param g correlations of the residual, see {@link #gradient}
   * @param nonNegative whether codes are constrained to be non-negative
   */
  public static double violation(
      int atoms, double[] g, double[] a, double lambda, double lambda2, boolean nonNegative) {
    double worst = 0;
    for (int j = 0; j < atoms; j++) {
      double slack;
      if (a[j] != 0) {
        slack = Math.abs(g[j] - lambda2 * a[j] - Math.signum(a[j]) * lambda);
      } else {
        slack = (nonNegative ? g[j] : Math.abs(g[j])) - lambda;
      }
      worst = Math.max(worst, slack);
    }
    return worst;
  }

  /**
   * Duality gap of the lasso at a, with the residual scaled into the dual set: {@code theta = r
   * min(1, lambda / ||D' r||_inf)}; with lambda2 that of the dictionary extended by {@code
   * sqrt(lambda2) I} and the signal by zeros, which is the same problem.
   *
   * <p>With lambda 0 the dual set has no inside, so that this gap would be the whole objective
   * whatever the code. Then it is the Frank-Wolfe gap: what codes could still gain whose sizes sum
   * to no more than those of a and the longest step that one entry would take from there.
   *
   * @param nonNegative whether only positive correlations bound the dual set
   * @param g [K] scratch
   */
  public static double dualityGap(
      Gram gram,
      double[] c,
      int cOffset,
      double xx,
      double[] a,
      int aOffset,
      double lambda,
      double lambda2,
      boolean nonNegative,
      double[] g) {
    gradient(gram, c, cOffset, a, aOffset, g, 0);
    return dualityGap(gram, c, cOffset, xx, a, aOffset, lambda, lambda2, nonNegative, g, 0);
  }

  /**
   * The same where the correlations of the residual are known.
   *
   * @param g {@code c - G a}, [K] from {@code gOffset}; not modified
   */
  public static double dualityGap(
      Gram gram,
      double[] c,
      int cOffset,
      double xx,
      double[] a,
      int aOffset,
      double lambda,
      double lambda2,
      boolean nonNegative,
      double[] g,
      int gOffset) {
    double largest = 0;
    double longest = 0;
    double l1 = 0;
    double ac = 0;
    double ag = 0;
    double squares = 0;
    for (int j = 0; j < gram.atoms(); j++) {
      double v = a[aOffset + j];
      double slope = g[gOffset + j] - lambda2 * v;
      double size = nonNegative ? slope : Math.abs(slope);
      if (size > largest) {
        largest = size;
        double curvature = gram.at(j, j) + lambda2;
        longest = curvature > 0 ? size / curvature : 0;
      }
      l1 += Math.abs(v);
      ac += v * c[cOffset + j];
      ag += v * g[gOffset + j];
      squares += v * v;
    }
    if (lambda == 0) {
      return largest * (l1 + longest) - (ag - lambda2 * squares);
    }
    double rr = Math.max(xx - ac - ag, 0) + lambda2 * squares;
    double xr = xx - ac;
    double scale = largest <= lambda ? 1 : lambda / largest;
    double primal = 0.5 * rr + lambda * l1;
    double dual = scale * xr - 0.5 * scale * scale * rr;
    return primal - dual;
  }
}
