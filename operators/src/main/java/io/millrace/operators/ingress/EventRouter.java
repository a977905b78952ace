package io.millrace.operators.ingress;

/**
 * Turns Kafka records into {@link RoutedEvent}s. Total: whatever the bytes are, it returns an event
 * and never throws. One per source subtask, not thread-safe.
 */
public final class EventRouter {
  private final RouterOptions options;

  public EventRouter(RouterOptions options) {
    this.options = options;
  }

  /**
   * Finds kind and key of a record.
   *
   * @param topic index into {@link RouterOptions#topics()}
   * @param timestamp of the record, negative: none
   * @param recordKey key of the record, may be null; kept
   * @param value value of the record, may be null; kept
   */
  public RoutedEvent route(
      int topic, int partition, long offset, long timestamp, byte[] recordKey, byte[] value) {
    throw new UnsupportedOperationException(options.topics().get(topic));
  }
}
