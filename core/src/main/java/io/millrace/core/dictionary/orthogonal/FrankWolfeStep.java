package io.millrace.core.dictionary.orthogonal;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.linalg.PolarFactor;

/**
 * One stochastic Frank-Wolfe step for the spikiest codes over the spectral ball {@code ||D||_2 <=
 * 1}: minimises {@code F(D) = -E sum_j |<d_j, y>|^3}. With D atom-major, so transposed:
 *
 * <pre>
 * C    = Y D'                          F = -(1/n) sum_i w_i sum_j |C_ij|^3
 * grad = -(3/n) (|C| o C)' diag(w) Y
 * G    = (1 - rho) G + rho grad
 * S    = -U_k V_k' of G = U diag(s) V', singular values above 1e-10 s_1
 * gap  = &lt;D - S, G&gt;
 * D    = D + gamma (S - D)
 * </pre>
 *
 * <p>S is the minimum-norm minimiser of {@code <S, G>} over the ball. A complete step takes one of
 * full rank instead, so that with gamma 1 the new D is orthogonal whatever the rank of G. Where G
 * is 0, or singular, nothing tells one S from another there: it is the one nearest to D, so that
 * atoms that the signals say nothing about stay as they are.
 *
 * <p>Jobs take these steps through {@link OrthogonalDictionary}; public because golden files list
 * what a step finds on its way.
 *
 * <p>Keeps {@code 7 N^2} doubles and the decomposition's; {@code 4 N^2 n + 20 N^3} flops. Not
 * thread-safe; inputs are not modified, results hold until the next step.
 */
public final class FrankWolfeStep {
  /** Singular values of a smaller share of the greatest count as 0. */
  private static final double NULL_SHARE = 1e-10;

  private final int size;
  private final Kernels kernels;
  private final PolarFactor polar;
  private final double[] gradient;
  private final double[] average;
  private final double[] vertex;
  private final double[] next;
  private final double[] left;
  private final double[] half;
  private double[] c = {};
  private double objective;
  private double gap;
  private int rank;

  /**
   * For dictionaries of N atoms of N numbers.
   *
   * @param size N, at least 1
   */
  public FrankWolfeStep(int size, Kernels kernels) {
    this.size = size;
    this.kernels = kernels;
    polar = new PolarFactor(size);
    gradient = new double[size * size];
    average = new double[size * size];
    vertex = new double[size * size];
    next = new double[size * size];
    left = new double[size * size];
    half = new double[size * size];
  }

  int size() {
    return size;
  }

  /**
   * Takes a step.
   *
   * @param y [n x N], finite
   * @param weights [n]
   * @param d [N x N], atom-major
   * @param g [N x N], the gradient's average so far
   * @param rho share of the new gradient in the average, in [0, 1]
   * @param gamma length of the step, in [0, 1]
   * @param complete whether S is orthogonal even where G is singular
   * @return false where the result would not be finite
   */
  public boolean run(
      double[] y,
      double[] weights,
      int n,
      double[] d,
      double[] g,
      double rho,
      double gamma,
      boolean complete) {
    gradient(y, weights, n, d);
    for (int i = 0; i < average.length; i++) {
      average[i] = (1 - rho) * g[i] + rho * gradient[i];
    }
    if (!Vectors.allFinite(average, average.length) || !polar.decompose(average)) {
      return false;
    }
    if (polar.norm() == 0) {
      System.arraycopy(d, 0, vertex, 0, vertex.length);
      System.arraycopy(d, 0, next, 0, next.length);
      gap = 0;
      rank = 0;
      return true;
    }
    rank = vertex(complete, d);
    gap = 0;
    for (int i = 0; i < next.length; i++) {
      double direction = vertex[i] - d[i];
      gap -= direction * average[i];
      next[i] = d[i] + gamma * direction;
    }
    if (gamma == 1) {
      // d + (s - d) need not be s.
      System.arraycopy(vertex, 0, next, 0, next.length);
    }
    return Double.isFinite(gap) && Vectors.allFinite(next, next.length);
  }

  private int vertex(boolean complete, double[] d) {
    int kept = polar.rank(NULL_SHARE);
    if (kept == size) {
      polar.orthogonal(kernels, vertex);
    } else {
      polar.partial(kernels, NULL_SHARE, vertex);
    }
    if (complete && kept < size) {
      complete(d);
      return kept;
    }
    for (int i = 0; i < vertex.length; i++) {
      vertex[i] = -vertex[i];
    }
    return kept;
  }

  /**
   * Adds to {@code -P}, P = U_k V_k' in {@code vertex}, what D does between the null spaces of G,
   * and takes the polar factor: {@code -P + (I - P P') D (I - P' P)}.
   */
  private void complete(double[] d) {
    product(vertex, false, vertex, true, left);
    product(left, false, d, false, half);
    for (int i = 0; i < half.length; i++) {
      half[i] = d[i] - half[i];
    }
    product(vertex, true, vertex, false, left);
    product(half, false, left, false, next);
    for (int i = 0; i < half.length; i++) {
      half[i] -= next[i] + vertex[i];
    }
    if (polar.decompose(half)) {
      polar.orthogonal(kernels, vertex);
    } else {
      System.arraycopy(half, 0, vertex, 0, half.length);
    }
  }

  private void product(double[] a, boolean turnA, double[] b, boolean turnB, double[] out) {
    kernels.gemm(
        1,
        kernels.left(a, size, size).transposed(turnA),
        kernels.right(b, size, size).transposed(turnB),
        0,
        kernels.into(out, size, size));
  }

  private void gradient(double[] y, double[] weights, int n, double[] d) {
    if (c.length < n * size) {
      c = new double[Math.max(n * size, 2 * c.length)];
    }
    kernels.gemm(
        1,
        kernels.left(y, n, size),
        kernels.right(d, size, size).transposed(),
        0,
        kernels.into(c, n, size));
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double cubes = 0;
      for (int j = i * size; j < (i + 1) * size; j++) {
        double v = c[j];
        double square = Math.abs(v) * v;
        cubes += square * v;
        c[j] = weights[i] * square;
      }
      sum += weights[i] * cubes;
    }
    objective = -sum / n;
    kernels.gemm(
        -3.0 / n,
        kernels.left(c, n, size).transposed(),
        kernels.right(y, n, size),
        0,
        kernels.into(gradient, size, size));
  }

  /** F of the batch at the D before the step. */
  public double objective() {
    return objective;
  }

  /** Frank-Wolfe gap {@code <D - S, G>}: an upper bound, for convex F, of what is left to gain. */
  public double gap() {
    return gap;
  }

  /** Singular values of G above 0, those that S was made of. */
  public int rank() {
    return rank;
  }

  /** The batch's gradient [N x N]. */
  public double[] gradient() {
    return gradient;
  }

  /** G [N x N]. */
  public double[] average() {
    return average;
  }

  /** S [N x N]. */
  public double[] vertex() {
    return vertex;
  }

  /** D after the step [N x N]. */
  public double[] next() {
    return next;
  }
}
