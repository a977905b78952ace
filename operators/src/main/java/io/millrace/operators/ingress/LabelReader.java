package io.millrace.operators.ingress;

import io.millrace.core.features.InputSpec;
import io.millrace.schemas.Reason;
import java.util.List;

/** Reads Label bodies. One per subtask, not thread-safe. */
public final class LabelReader {
  private final InputSpec spec;
  private final List<String> topics;

  /**
   * A reader.
   *
   * @param topics names of the job's input topics, for messages
   */
  public LabelReader(InputSpec spec, List<String> topics) {
    this.spec = spec;
    this.topics = topics;
  }

  /** Reads an event of kind LABEL; false: {@link #reason()} and {@link #message()} say why. */
  public boolean read(RoutedEvent event) {
    throw new UnsupportedOperationException(spec + " " + topics);
  }

  /** Reads a label kept in state; the arguments are those of the event it came in. */
  public boolean read(int topic, int partition, long offset, long timestamp, byte[] value) {
    throw new UnsupportedOperationException(spec + " " + topics);
  }

  /** Id of the example, never empty. */
  public String id() {
    return "";
  }

  /** Milliseconds since the epoch: the event's own, else the Kafka record's, else 0. */
  public long eventTime() {
    return 0;
  }

  /** Target, or class index. */
  public double label() {
    return Double.NaN;
  }

  /** Weight in place of the example's; NaN: the example's stays. */
  public double weight() {
    return Double.NaN;
  }

  /** Why the label cannot be used; null: it can. */
  public Reason reason() {
    return null;
  }

  /** The same for people. */
  public String message() {
    return null;
  }
}
