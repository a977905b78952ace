package io.millrace.cli.tune;

import io.millrace.core.decision.ArmMeans;
import io.millrace.core.decision.OffPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every chosen policy on one log, decision by decision. Outcomes are predicted by the means of the
 * arms before each decision.
 */
final class LogEvaluation {
  private final LogIntake intake;
  private final PolicyChoice choice;
  private final OffPolicy estimators;
  private final double alpha;
  private final List<PolicyValue> values = new ArrayList<>();
  private double[] means = new double[0];
  private double[] predicted = new double[8];
  private int arms;

  LogEvaluation(LogIntake intake, PolicyChoice choice, OffPolicy estimators, double alpha) {
    this.intake = intake;
    this.choice = choice;
    this.estimators = estimators;
    this.alpha = alpha;
    choice.atStart().forEach(this::add);
  }

  private void add(EvaluatedPolicy policy) {
    values.add(new PolicyValue(policy, intake.range(), estimators, alpha));
  }

  void take(LoggedDecision decision) {
    if (intake.arms().size() > arms) {
      newArms();
    }
    int n = decision.arms().length;
    predicted = predicted.length < n ? new double[2 * n] : predicted;
    for (int i = 0; i < n; i++) {
      predicted[i] = ArmMeans.mean(means, 0, decision.arms()[i]);
    }
    values.forEach(v -> v.take(decision, predicted));
    ArmMeans.take(means, 0, decision.arm(), decision.outcome());
  }

  private void newArms() {
    int before = arms;
    int index = 0;
    for (String name : intake.arms()) {
      if (index++ >= before) {
        choice.atArm(name, index - 1).forEach(this::add);
      }
    }
    arms = index;
    means = Arrays.copyOf(means, ArmMeans.PER_ARM * arms);
  }

  /** In the order in which the policies were named, fixed arms in that of their indexes. */
  List<PolicyValue> values() {
    return values;
  }
}
