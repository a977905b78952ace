package io.millrace.operators.ingress;

import io.millrace.core.features.InputSpec;
import io.millrace.core.model.Rows;
import io.millrace.schemas.Reason;
import java.util.List;

/**
 * Reads Example and ExampleBatch bodies into {@link Rows}, checking every rule of an {@link
 * InputSpec}. One per subtask, not thread-safe.
 */
public final class ExampleReader {
  private final InputSpec spec;
  private final List<String> topics;

  /**
   * A reader.
   *
   * @param topics names of the job's input topics, for messages
   */
  public ExampleReader(InputSpec spec, List<String> topics) {
    this.spec = spec;
    this.topics = topics;
  }

  /** Starts on an event of kind EXAMPLE or EXAMPLE_BATCH, which is kept until the next open. */
  public void open(RoutedEvent event) {
    throw new UnsupportedOperationException(spec + " " + topics);
  }

  /**
   * Starts on an example kept by {@link #itemAsExample}.
   *
   * @param index its {@link #itemIndex()} when it was first read
   * @param timestamp of the Kafka record it came in
   */
  public void open(
      int topic, int partition, long offset, int index, long timestamp, byte[] example) {
    throw new UnsupportedOperationException(spec + " " + topics);
  }

  /**
   * Reads the next item. True: there was one, and either a row has been appended and {@link
   * #reason()} is null, or nothing has and {@link #reason()} and {@link #message()} say why. False:
   * there are no more.
   *
   * @param rows of the kind of the specification; the row's label is NaN where there is none
   */
  public boolean next(Rows rows) {
    throw new UnsupportedOperationException(spec + " " + topics);
  }

  /** Position in the batch; -1 for an Example. */
  public int itemIndex() {
    return -1;
  }

  /** Event id, empty if there is none; decoded when asked for. */
  public String id() {
    return "";
  }

  /** Whether the event has an id, without decoding it. */
  public boolean hasId() {
    return false;
  }

  /** Milliseconds since the epoch: the event's own, else the Kafka record's, else 0. */
  public long eventTime() {
    return 0;
  }

  /** Whether the item came with a label. */
  public boolean labelled() {
    return false;
  }

  /** Why the item cannot be used; null: it can. */
  public Reason reason() {
    return null;
  }

  /** The same for people. */
  public String message() {
    return null;
  }

  /**
   * The item as a stand-alone Example record of the current schema, header included. Null where the
   * item has no end because its bytes make no sense: then the record as a whole is the evidence.
   * For an Example of the current schema this is the record's value itself, not a copy.
   */
  public byte[] itemAsExample() {
    return null;
  }
}
