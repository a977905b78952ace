package io.millrace.client;

/**
 * The topics events go to.
 *
 * @param examples for Example and ExampleBatch
 * @param labels for Label
 * @param control for Control
 */
public record EventTopics(String examples, String labels, String control) {
  /** {@code <prefix>.examples}, {@code <prefix>.labels}, {@code <prefix>.control}. */
  public static EventTopics of(String prefix) {
    return new EventTopics(prefix + ".examples", prefix + ".labels", prefix + ".control");
  }

  /**
   * One topic for all, so that the order of a key's examples, labels and control events is recorded
   * and a replay repeats it.
   */
  public static EventTopics single(String topic) {
    return new EventTopics(topic, topic, topic);
  }
}
