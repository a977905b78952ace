package io.millrace.core.sample.surrogate;

import io.millrace.core.compute.Kernels;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.NaturalGaussian.Shape;

/**
 * Curvature that is safe to send. During a visit the drift matrix is {@code Lambda_0 + Lambda +
 * (A_s - Lambda_s) / f_s}; where a surrogate claims more curvature than its client has, it may have
 * negative eigenvalues, and a long visit diverges. Less curvature than there is never harms.
 */
public final class Curvature {
  /** Where the information of a client is not known: the part of a surrogate that is kept. */
  static final double CAUTIOUS = 0.9;

  /** Relative to the largest element, what counts as rounding. */
  private static final double ROUNDING = 1e-12;

  private static final int HALVINGS = 40;

  private Curvature() {}

  /**
   * The largest kappa of at most 1 with {@code A - kappa Lambda} positive semidefinite, by
   * bisection; 0 where Lambda has curvature in a direction of which A knows nothing.
   *
   * @param information A, [d x d], not modified
   */
  public static double kappa(double[] information, NaturalGaussian surrogate, Kernels kernels) {
    if (surrogate.shape() == Shape.NONE) {
      return 1;
    }
    if (fits(information, surrogate, 1, kernels)) {
      return 1;
    }
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (fits(information, surrogate, middle, kernels)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low < 1e-9 ? 0 : low;
  }

  /** Whether {@code A - kappa Lambda} is positive semidefinite but for rounding. */
  static boolean fits(
      double[] information, NaturalGaussian surrogate, double kappa, Kernels kernels) {
    int d = surrogate.size();
    double[] rest = information.clone();
    double largest = 0;
    for (double a : information) {
      largest = Math.max(largest, Math.abs(a));
    }
    surrogate.addLambda(-kappa, rest);
    for (int i = 0; i < d; i++) {
      rest[i * d + i] += ROUNDING * d * largest;
    }
    return kernels.cholesky(d, rest, rest);
  }

  /**
   * The nearest positive semidefinite matrix: negative eigenvalues become 0.
   *
   * @param a [d x d], symmetric but for rounding; not modified
   */
  static double[] nonNegative(double[] a, int d, Kernels kernels) {
    double[] symmetric = new double[d * d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        symmetric[i * d + j] = (a[i * d + j] + a[j * d + i]) / 2;
      }
    }
    double[] values = new double[d];
    double[] vectors = new double[d * d];
    kernels.eigenSymmetric(d, symmetric, values, vectors);
    if (d == 0 || values[0] >= 0) {
      return symmetric;
    }
    return compose(values, vectors, d, kernels);
  }

  /** {@code V diag(max(values, 0)) V'}. */
  private static double[] compose(double[] values, double[] vectors, int d, Kernels kernels) {
    double[] scaled = new double[d * d];
    for (int i = 0; i < d * d; i++) {
      scaled[i] = vectors[i] * Math.max(values[i % d], 0);
    }
    double[] out = new double[d * d];
    kernels.gemm(
        1,
        kernels.left(scaled, d, d),
        kernels.right(vectors, d, d).transposed(),
        0,
        kernels.into(out, d, d));
    return out;
  }

  /**
   * A stationary point of a Gaussian function: the one of least norm where Lambda is singular.
   *
   * @return [d]
   */
  public static double[] mode(NaturalGaussian of, Kernels kernels) {
    int d = of.size();
    double[] lambda = new double[d * d];
    of.addLambda(1, lambda);
    double[] values = new double[d];
    double[] vectors = new double[d * d];
    kernels.eigenSymmetric(d, lambda, values, vectors);
    double least = d == 0 ? 0 : ROUNDING * d * Math.abs(values[d - 1]);
    double[] mode = new double[d];
    for (int k = 0; k < d; k++) {
      if (values[k] > least) {
        double along = 0;
        for (int i = 0; i < d; i++) {
          along += vectors[i * d + k] * of.eta()[i];
        }
        for (int i = 0; i < d; i++) {
          mode[i] += vectors[i * d + k] * along / values[k];
        }
      }
    }
    return mode;
  }
}
