package io.millrace.core.bandit;

import io.millrace.core.compute.Elementary;

/** Probabilities from weights on a logarithmic scale. */
public final class Weights {
  private Weights() {}

  /**
   * {@code exp(w_a) / sum exp(w)} over the eligible arms. The greatest weight is subtracted first,
   * so that nothing overflows.
   *
   * @param w [maxArms] finite, not modified
   * @param p [maxArms], those of the eligible arms are overwritten
   */
  public static void softmax(PolicyRequest request, double[] w, double[] p) {
    int[] eligible = request.eligible();
    double most = w[PolicyDecision.best(request, w)];
    double sum = 0;
    for (int i = 0; i < request.count(); i++) {
      int a = eligible[i];
      p[a] = Elementary.exp(w[a] - most);
      sum += p[a];
    }
    for (int i = 0; i < request.count(); i++) {
      p[eligible[i]] /= sum;
    }
  }
}
