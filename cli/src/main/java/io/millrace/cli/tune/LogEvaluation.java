package io.millrace.cli.tune;

import io.millrace.core.decision.ArmMeans;
import io.millrace.core.decision.OffPolicy;
import java.util.List;

/**
 * Every chosen policy on one log, decision by decision. Outcomes are predicted by the means of the
 * arms before each decision.
 */
final class LogEvaluation {
  private final List<PolicyValue> values;
  private final double[] means;
  private double[] predicted = new double[8];

  /**
   * An evaluation of no decisions.
   *
   * @param arms of the log
   * @param alpha probability that bounds on one policy ever exclude its value
   */
  LogEvaluation(
      List<EvaluatedPolicy> policies,
      int arms,
      OutcomeRange range,
      OffPolicy estimators,
      double alpha) {
    means = new double[ArmMeans.PER_ARM * arms];
    values = policies.stream().map(p -> new PolicyValue(p, range, estimators, alpha)).toList();
  }

  void take(LoggedDecision decision) {
    int n = decision.arms().length;
    predicted = predicted.length < n ? new double[2 * n] : predicted;
    for (int i = 0; i < n; i++) {
      predicted[i] = ArmMeans.mean(means, 0, decision.arms()[i]);
    }
    values.forEach(v -> v.take(decision, predicted));
    ArmMeans.take(means, 0, decision.arm(), decision.outcome());
  }

  /** In the order in which the policies were named. */
  List<PolicyValue> values() {
    return values;
  }
}
