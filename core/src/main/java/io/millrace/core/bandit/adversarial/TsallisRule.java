package io.millrace.core.bandit.adversarial;

import io.millrace.core.bandit.CostRange;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.compute.Workspace;

/** The arithmetic of Tsallis-INF, for the policies that keep one or several sets of estimates. */
final class TsallisRule {
  /** Block of importance-weighted losses, k. */
  static final String ESTIMATE = "loss-estimate";

  /** Block of the sum of all costs. */
  static final String COST = "total-cost";

  private final boolean scaled;
  private final double low;
  private final double width;
  private final double maxDelay;

  TsallisRule(PolicySettings settings, CostRange costs) {
    scaled = settings.values().flag(TsallisHypers.SCALED);
    low = costs.low();
    width = scaled ? 1 : costs.high() - low;
    maxDelay = settings.values().get(TsallisHypers.MAX_DELAY);
  }

  /** What a cost adds to its arm's estimate, before its weight. */
  double loss(double cost) {
    return scaled ? cost - low : (cost - low) / width;
  }

  /**
   * What estimates are divided by.
   *
   * @param totalCost of {@code learned} costs
   */
  double scale(double totalCost, double learned) {
    if (!scaled || learned == 0) {
      return 1;
    }
    double mean = totalCost / learned - low;
    return mean > 0 ? mean : 1;
  }

  /**
   * Probabilities of the eligible arms.
   *
   * @param k estimates, by arm
   * @param t round, from 1
   * @param out by arm
   */
  void distribute(
      PolicyRequest request,
      double[] k,
      double scale,
      double t,
      double[] out,
      Workspace workspace) {
    int n = request.count();
    int[] eligible = request.eligible();
    double[] z = workspace.atLeast("tsallis.z", n);
    double[] p = workspace.atLeast("tsallis.p", n);
    for (int i = 0; i < n; i++) {
      z[i] = k[eligible[i]] / scale;
    }
    TsallisSolver.solve(z, p, n, 2 / Math.sqrt(t + maxDelay));
    for (int i = 0; i < n; i++) {
      out[eligible[i]] = p[i];
    }
  }
}
