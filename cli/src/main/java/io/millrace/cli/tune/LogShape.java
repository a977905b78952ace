package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import io.millrace.core.bandit.PolicyShape;
import java.util.Arrays;
import java.util.List;

/**
 * What a policy has to know of a log before it begins: its arms, and how many numbers a request
 * brings.
 *
 * @param arms in the order of their indexes
 * @param contextLength numbers of each request; 0: none
 * @param featureLength numbers of each arm of a request; 0: none
 * @param rewards whether outcomes are rewards, of which more is better
 */
record LogShape(List<String> arms, int contextLength, int featureLength, boolean rewards) {
  /** Collects the shape of a log, decision by decision. */
  static final class Builder {
    private int context = -1;
    private int features = -1;

    /**
     * Looks at a decision.
     *
     * @throws CommandFailed if it brings other numbers than those before it
     */
    void add(LoggedDecision d) {
      context = same("context", context, d.context().length);
      features = same("armFeatures", features, d.armFeatures().length / d.arms().length);
    }

    private static int same(String field, int before, int now) {
      if (before >= 0 && before != now) {
        throw new CommandFailed(
            "the log has decisions with "
                + before
                + " and with "
                + now
                + " numbers of "
                + field
                + "; a policy needs the same of each");
      }
      return now;
    }

    LogShape build(LogIntake intake) {
      return new LogShape(
          List.copyOf(intake.arms()),
          Math.max(0, context),
          Math.max(0, features),
          LogIntake.REWARD.equals(intake.outcomeName()));
    }
  }

  /** As a policy has it. */
  PolicyShape ofPolicy() {
    return new PolicyShape(arms.size(), contextLength, featureLength);
  }

  /** The parameter that each arm stands for: its name where all are numbers, else its index. */
  double[] values() {
    double[] values = new double[arms.size()];
    Arrays.setAll(values, i -> number(arms.get(i)));
    if (!Arrays.stream(values).allMatch(Double::isFinite)) {
      Arrays.setAll(values, i -> i);
    }
    return values;
  }

  private static double number(String name) {
    try {
      return Double.parseDouble(name);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /**
   * What an outcome is to a policy, which wants it low.
   *
   * @param scaled as the estimators take it
   */
  double cost(OutcomeRange range, double scaled) {
    if (!rewards) {
      return range.value(scaled);
    }
    return range.known() ? range.value(1 - scaled) : 1 - scaled;
  }
}
