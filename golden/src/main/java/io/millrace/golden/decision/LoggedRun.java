package io.millrace.golden.decision;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.decision.Probabilities;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;

/** The decision log of a golden file, with the probabilities of the policy to be evaluated. */
final class LoggedRun {
  private final int[] actions;
  private final double[] propensities;
  private final double[] rewards;
  private final double[][] target;

  LoggedRun(JsonNode log) {
    actions = Fields.integers("action", Fields.array(log, "action"), 0, 1000);
    int n = actions.length;
    propensities = Fields.flat("propensity", Fields.array(log, "propensity"), n);
    rewards = Fields.flat("reward", Fields.array(log, "reward"), n);
    target = new double[n][];
    JsonNode rows = Fields.array(log, "target_probabilities", n);
    for (int i = 0; i < n; i++) {
      target[i] = Fields.flat("target_probabilities[" + i + "]", rows.get(i));
      refuse(i, Probabilities.fault(target[i], target[i].length));
      refuse(i, Probabilities.faultOfAction(propensities[i]));
      if (actions[i] >= target[i].length) {
        refuse(i, "action " + actions[i] + " is none of " + target[i].length);
      }
    }
  }

  private static void refuse(int decision, String fault) {
    if (fault != null) {
      throw new MalformedGolden("log[" + decision + "]: " + fault);
    }
  }

  int size() {
    return actions.length;
  }

  int action(int i) {
    return actions[i];
  }

  double reward(int i) {
    return rewards[i];
  }

  /** Probability of the action under the policy over that at decision time. */
  double weight(int i) {
    return target[i][actions[i]] / propensities[i];
  }

  /** Of every arm, under the policy. */
  double[] target(int i) {
    return target[i];
  }
}
