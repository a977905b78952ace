package io.millrace.client;

/**
 * The topics events go to. With one topic for all, the order of a key's examples, labels and orders
 * is recorded and a replay repeats it; topics of their own are read at their own pace.
 *
 * @param examples for Example and ExampleBatch
 * @param labels for Label
 * @param control for Control
 */
public record EventTopics(String examples, String labels, String control) {
  /** {@code <prefix>.examples} for all. */
  public static EventTopics of(String prefix) {
    return single(prefix + ".examples");
  }

  /** {@code <prefix>.examples}, {@code <prefix>.labels}, {@code <prefix>.control}. */
  public static EventTopics apart(String prefix) {
    return new EventTopics(prefix + ".examples", prefix + ".labels", prefix + ".control");
  }

  /** One topic for all. */
  public static EventTopics single(String topic) {
    return new EventTopics(topic, topic, topic);
  }

  /** Whether orders have their place among the examples. */
  boolean ordersAmongExamples() {
    return control.equals(examples);
  }
}
