package io.millrace.operators.ingress;

import io.millrace.schemas.Control;
import io.millrace.schemas.Reason;
import java.util.List;

/** Reads Control bodies. One per subtask, not thread-safe. */
public final class ControlReader {
  private final List<String> topics;

  /**
   * A reader.
   *
   * @param topics names of the job's input topics, for messages
   */
  public ControlReader(List<String> topics) {
    this.topics = topics;
  }

  /** Reads an event of kind CONTROL; false: {@link #reason()} and {@link #message()} say why. */
  public boolean read(RoutedEvent event) {
    throw new UnsupportedOperationException(event + " " + topics);
  }

  /** The order; a new object for each event. */
  public Control control() {
    return null;
  }

  /** Milliseconds since the epoch: the event's own, else the Kafka record's, else 0. */
  public long eventTime() {
    return 0;
  }

  /** Why the order cannot be used; null: it can. */
  public Reason reason() {
    return null;
  }

  /** The same for people. */
  public String message() {
    return null;
  }
}
