package io.millrace.client;

/**
 * The topics of a `tune` job. With requests and feedback in one topic their order is recorded, and
 * a replay repeats the decisions; a topic for feedback of its own is read at its own pace.
 *
 * @param requests for TuneRequest and ArmChange
 * @param feedback for TuneFeedback
 * @param decisions with TuneDecision
 */
public record TuneTopics(String requests, String feedback, String decisions) {
  /** {@code <prefix>.tune.requests} for all that is sent, {@code <prefix>.tune.decisions}. */
  public static TuneTopics of(String prefix) {
    return new TuneTopics(
        prefix + ".tune.requests", prefix + ".tune.requests", prefix + ".tune.decisions");
  }

  /** The same with {@code <prefix>.tune.feedback} for feedback. */
  public static TuneTopics apart(String prefix) {
    TuneTopics one = of(prefix);
    return new TuneTopics(one.requests, prefix + ".tune.feedback", one.decisions);
  }
}
