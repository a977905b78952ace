package io.millrace.core.bandit.contextual;

import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;

/**
 * Inverse-gap weighting. Foster, Rakhlin, "Beyond UCB: Optimal and Efficient Contextual Bandits
 * with Regression Oracles" (SquareCB), arXiv:2002.04926, after Abe and Long.
 *
 * <pre>
 * p_i = 1 / (d + eta (yhat_i - yhat_best))   of all but the best;  the best has the rest
 * </pre>
 *
 * <p>Whatever the predictions, {@code sum p_i (yhat_i - yhat_best) <= d / eta}.
 */
public final class InverseGap {
  private InverseGap() {}

  /**
   * Fills the probabilities of the eligible arms.
   *
   * @param score [maxArms], minus the predicted costs
   * @param eta at least 0
   * @param p [maxArms], those of the eligible arms are overwritten
   */
  public static void distribute(PolicyRequest request, double[] score, double eta, double[] p) {
    int best = PolicyDecision.best(request, score);
    int d = request.count();
    double others = 0;
    for (int i = 0; i < d; i++) {
      int a = request.eligible()[i];
      if (a != best) {
        p[a] = 1 / (d + eta * (score[best] - score[a]));
        others += p[a];
      }
    }
    p[best] = 1 - others;
  }
}
