package io.millrace.operators;

/**
 * Constant ids of all operators that a savepoint knows. Never changed: a changed id loses the state
 * behind it.
 */
public final class OperatorUids {
  /** Source of a role's topic: {@code source-examples}, {@code source-labels}, ... */
  public static final String SOURCE = "source-";

  public static final String LEARNER = "learner";

  public static final String SINK_MODELS = "sink-models";
  public static final String SINK_METRICS = "sink-metrics";
  public static final String SINK_PREDICTIONS = "sink-predictions";
  public static final String SINK_CODES = "sink-codes";
  public static final String SINK_DEAD_LETTERS = "sink-dead-letters";

  private OperatorUids() {}

  /** Id of the source of a topic's role. */
  public static String source(String role) {
    return SOURCE + role;
  }
}
