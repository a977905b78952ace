package io.millrace.cli.tune;

import java.util.Arrays;

/** A policy whose value a log is asked for. */
interface EvaluatedPolicy {
  /** As the command line names it. */
  String name();

  /**
   * Whether it has an answer for a request; what it has none for is no part of its value.
   *
   * @param decision its outcome is not looked at
   */
  boolean answers(LoggedDecision decision);

  /**
   * Probability of each eligible arm, from what it knows before this decision.
   *
   * @param out [arms of the decision], overwritten
   */
  void probabilities(LoggedDecision decision, double[] out);

  /** Learns from a decision of the log and its outcome. */
  default void learn(LoggedDecision decision) {
    // Baselines do not learn.
  }

  /** Always the same arm, wherever it is eligible. */
  static EvaluatedPolicy fixed(String name, int arm) {
    return new EvaluatedPolicy() {
      @Override
      public String name() {
        return "fixed:" + name;
      }

      @Override
      public boolean answers(LoggedDecision decision) {
        return decision.place(arm) >= 0;
      }

      @Override
      public void probabilities(LoggedDecision decision, double[] out) {
        Arrays.fill(out, 0);
        out[decision.place(arm)] = 1;
      }
    };
  }

  /** Every eligible arm with the same probability. */
  static EvaluatedPolicy uniform() {
    return new EvaluatedPolicy() {
      @Override
      public String name() {
        return "uniform";
      }

      @Override
      public boolean answers(LoggedDecision decision) {
        return true;
      }

      @Override
      public void probabilities(LoggedDecision decision, double[] out) {
        Arrays.fill(out, 1.0 / out.length);
      }
    };
  }

  /** Whatever has made the log, with the probabilities that it logged. */
  static EvaluatedPolicy logged() {
    return new EvaluatedPolicy() {
      @Override
      public String name() {
        return "logged";
      }

      @Override
      public boolean answers(LoggedDecision decision) {
        return decision.probabilities() != null;
      }

      @Override
      public void probabilities(LoggedDecision decision, double[] out) {
        System.arraycopy(decision.probabilities(), 0, out, 0, out.length);
      }
    };
  }
}
