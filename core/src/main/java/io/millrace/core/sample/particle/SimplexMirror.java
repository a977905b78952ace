package io.millrace.core.sample.particle;

import io.millrace.core.compute.Elementary;

/**
 * The probability simplex of d numbers seen through the gradient of the entropy: {@code eta_i = log
 * theta_i - log theta_d} for i below d, so that eta has d - 1 numbers of any size, and {@code theta
 * = softmax([eta, 0])}.
 */
public final class SimplexMirror {
  private SimplexMirror() {}

  /**
   * From the simplex.
   *
   * @param theta [d], positive, not modified
   * @param eta [d - 1], overwritten
   */
  public static void toDual(double[] theta, double[] eta) {
    double last = Elementary.log(theta[eta.length]);
    for (int i = 0; i < eta.length; i++) {
      eta[i] = Elementary.log(theta[i]) - last;
    }
  }

  /**
   * To the simplex.
   *
   * @param eta [d - 1], not modified
   * @param theta [d], overwritten, sum 1
   */
  public static void toPrimal(double[] eta, double[] theta) {
    double most = 0;
    for (double e : eta) {
      most = Math.max(most, e);
    }
    double sum = 0;
    for (int i = 0; i < theta.length; i++) {
      theta[i] = Elementary.exp((i < eta.length ? eta[i] : 0) - most);
      sum += theta[i];
    }
    for (int i = 0; i < theta.length; i++) {
      theta[i] /= sum;
    }
  }

  /**
   * The score of the density of eta, that of the change of variables included: {@code theta_i (s_i
   * - sum_j theta_j s_j) + 1 - d theta_i}.
   *
   * @param theta [d], not modified
   * @param score [d], partial derivatives of the log density of theta, not modified
   * @param out [d - 1], overwritten
   */
  public static void dualScore(double[] theta, double[] score, double[] out) {
    double all = 0;
    for (int i = 0; i < theta.length; i++) {
      all += theta[i] * score[i] + 1;
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = theta[i] * score[i] + 1 - theta[i] * all;
    }
  }
}
