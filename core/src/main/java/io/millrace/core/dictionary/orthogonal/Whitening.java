package io.millrace.core.dictionary.orthogonal;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.spec.Choice;
import java.util.List;

/**
 * Second moment of the signals and the matrices it gives: with {@code E y y' = theta A A'} of a
 * complete dictionary A and codes of variance theta,
 *
 * <pre>
 * M = beta M + sum w y y',   m = beta m + sum w          beta = 1, or decay per batch
 * W = (M / (m theta) + ridge I)^(-1/2),   W^-1           every some batches
 * </pre>
 *
 * <p>{@code W A} is orthogonal, so W y has an orthogonal dictionary D and A = W^-1 D. Immutable.
 */
final class Whitening {
  /** Eigenvalues of the second moment are raised by this share of their mean. */
  private static final double RIDGE = 1e-10;

  /** The first W waits for this many signals per dimension: fewer give noise. */
  static final int SIGNALS_PER_DIMENSION = 4;

  static final Choice CHOICE =
      new Choice(
          "whitening",
          List.of("none", "average", "exponential"),
          "second moment that signals are whitened by, for dictionaries that are not orthogonal:"
              + " none, of all signals, or with 'decay' per batch");

  private final int size;
  private final double beta;
  private final double theta;

  Whitening(int size, double beta, double theta) {
    this.size = size;
    this.beta = beta;
    this.theta = theta;
  }

  /** The new total weight of the moment. */
  double weight(double before, double[] weights, int n) {
    double sum = beta * before;
    for (int i = 0; i < n; i++) {
      sum += weights[i];
    }
    return sum;
  }

  /**
   * M = beta M + sum w y y'.
   *
   * @param weighted scratch [n x N]
   */
  void accumulate(
      double[] y, double[] weights, int n, double[] moment, double[] weighted, Kernels kernels) {
    for (int i = 0; i < n; i++) {
      for (int j = i * size; j < (i + 1) * size; j++) {
        weighted[j] = weights[i] * y[j];
      }
    }
    kernels.gemm(
        1,
        kernels.left(weighted, n, size).transposed(),
        kernels.right(y, n, size),
        beta,
        kernels.into(moment, size, size));
  }

  /**
   * W and its inverse from the moment.
   *
   * @param mean scratch [N x N]
   * @return false where the moment is zero or not finite; nothing of use is written then
   */
  boolean refresh(
      double[] moment,
      double weight,
      double[] whitener,
      double[] inverse,
      double[] mean,
      Kernels kernels) {
    double trace = 0;
    for (int i = 0; i < mean.length; i++) {
      mean[i] = moment[i] / (weight * theta);
    }
    for (int i = 0; i < size; i++) {
      trace += mean[i * size + i];
    }
    if (!(trace > 0) || !Vectors.allFinite(mean, mean.length)) {
      return false;
    }
    kernels.inverseRoot(size, mean, 2, RIDGE * trace / size, whitener);
    invert(whitener, inverse, kernels);
    return Vectors.allFinite(whitener, mean.length) && Vectors.allFinite(inverse, mean.length);
  }

  /** What a warm start takes the moment to be: that of W, so heavy. */
  void moment(double[] inverse, double weight, double[] moment, Kernels kernels) {
    kernels.gemm(
        theta * weight,
        kernels.left(inverse, size, size),
        kernels.right(inverse, size, size),
        0,
        kernels.into(moment, size, size));
  }

  /** W^-1. The ridge of W's moment bounds its condition by 1e5, so 2^-60 of its size is nothing. */
  void invert(double[] whitener, double[] inverse, Kernels kernels) {
    double largest = 0;
    for (int i = 0; i < size; i++) {
      largest = Math.max(largest, whitener[i * size + i]);
    }
    kernels.inverseRoot(size, whitener, 1, 0x1p-60 * largest, inverse);
  }

  /** Signals times a symmetric matrix: [n x N] of [n x N]. */
  void apply(double[] y, int n, double[] matrix, double[] out, Kernels kernels) {
    kernels.gemm(
        1,
        kernels.left(y, n, size),
        kernels.right(matrix, size, size),
        0,
        kernels.into(out, n, size));
  }
}
