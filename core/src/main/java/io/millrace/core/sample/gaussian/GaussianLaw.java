package io.millrace.core.sample.gaussian;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Kernels.Transpose;
import io.millrace.core.sample.GaussianPrior;
import io.millrace.core.sample.LinearGaussian;
import io.millrace.core.sample.NaturalGaussian;
import java.util.List;

/**
 * A Gaussian distribution of theta by its moments. Arrays are kept and must not be written to.
 *
 * @param mean [d]
 * @param covariance [d x d], symmetric, positive semidefinite
 */
public record GaussianLaw(double[] mean, double[] covariance) {
  public GaussianLaw {
    if (covariance.length != mean.length * mean.length) {
      throw new IllegalStateException(
          covariance.length + " covariances of " + mean.length + " parameters");
    }
  }

  /**
   * The posterior of linear-Gaussian models: with {@code P = I / tau2 + sum_s A_s}, mean {@code
   * P^-1 sum_s b_s} and covariance {@code P^-1}.
   *
   * @param clients at least one
   * @throws IllegalStateException where rows and prior together leave a direction open
   */
  public static GaussianLaw posterior(
      List<? extends LinearGaussian> clients, GaussianPrior prior, Kernels kernels) {
    NaturalGaussian all =
        NaturalGaussian.product(clients.stream().map(c -> c.exact().orElseThrow()).toList());
    return of(all.times(prior.natural(all.size()), 1), kernels);
  }

  /**
   * Moments of a normalizable Gaussian.
   *
   * @throws IllegalStateException where Lambda is not positive definite
   */
  public static GaussianLaw of(NaturalGaussian natural, Kernels kernels) {
    int d = natural.size();
    double[] l = new double[d * d];
    natural.addLambda(1, l);
    if (!kernels.cholesky(d, l, l)) {
      throw new IllegalStateException(
          "the posterior is not proper: rows and prior leave a direction of theta open");
    }
    double[] mean = natural.eta().clone();
    double[] covariance = identity(d);
    kernels.solveTriangular(Transpose.NO, d, l, 1, mean);
    kernels.solveTriangular(Transpose.YES, d, l, 1, mean);
    kernels.solveTriangular(Transpose.NO, d, l, d, covariance);
    kernels.solveTriangular(Transpose.YES, d, l, d, covariance);
    return new GaussianLaw(mean, covariance);
  }

  static double[] identity(int d) {
    double[] out = new double[d * d];
    for (int i = 0; i < d; i++) {
      out[i * d + i] = 1;
    }
    return out;
  }

  public int size() {
    return mean.length;
  }

  /** Standard deviation of a parameter. */
  public double deviation(int i) {
    return Math.sqrt(covariance[i * mean.length + i]);
  }

  /** Sum of the variances. */
  public double trace() {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      sum += covariance[i * mean.length + i];
    }
    return sum;
  }

  /** Euclidean distance of the means. */
  public double meanDistance(GaussianLaw other) {
    double sum = 0;
    for (int i = 0; i < mean.length; i++) {
      double e = mean[i] - other.mean[i];
      sum += e * e;
    }
    return Math.sqrt(sum);
  }

  /**
   * 2-Wasserstein distance: {@code W^2 = |m1 - m2|^2 + tr(C1 + C2 - 2 (C1^1/2 C2 C1^1/2)^1/2)}.
   * Olkin, Pukelsheim, "The Distance Between Two Random Vectors with Given Dispersion Matrices",
   * Linear Algebra and its Applications 1982. About {@code 30 d^3} flops; allocates.
   */
  public double wasserstein(GaussianLaw other, Kernels kernels) {
    int d = mean.length;
    double[] root = root(kernels);
    double[] half = new double[d * d];
    double[] inner = new double[d * d];
    kernels.gemm(
        1,
        kernels.left(root, d, d),
        kernels.right(other.covariance, d, d),
        0,
        kernels.into(half, d, d));
    kernels.gemm(
        1, kernels.left(half, d, d), kernels.right(root, d, d), 0, kernels.into(inner, d, d));
    double[] values = new double[d];
    kernels.eigenSymmetric(d, inner, values, half);
    double square = meanDistance(other) * meanDistance(other) + trace() + other.trace();
    for (double v : values) {
      square -= 2 * Math.sqrt(Math.max(v, 0));
    }
    return Math.sqrt(Math.max(square, 0));
  }

  /** The symmetric square root of the covariance. */
  private double[] root(Kernels kernels) {
    int d = mean.length;
    double[] values = new double[d];
    double[] vectors = new double[d * d];
    kernels.eigenSymmetric(d, covariance, values, vectors);
    double[] scaled = new double[d * d];
    for (int i = 0; i < d * d; i++) {
      scaled[i] = vectors[i] * Math.sqrt(Math.max(values[i % d], 0));
    }
    double[] root = new double[d * d];
    kernels.gemm(
        1,
        kernels.left(scaled, d, d),
        kernels.right(vectors, d, d).transposed(),
        0,
        kernels.into(root, d, d));
    return root;
  }
}
