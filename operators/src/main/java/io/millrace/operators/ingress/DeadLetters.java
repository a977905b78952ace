package io.millrace.operators.ingress;

import io.millrace.schemas.Reason;
import java.util.List;

/**
 * Builds encoded DeadLetter records. Thread-safe.
 *
 * <p>A dead letter must itself fit into a Kafka record, else the event that could not be used stops
 * the job after all: beyond {@code maxBytes} the value is cut, and the message says so and where
 * the whole is.
 */
public final class DeadLetters {
  private final String job;
  private final List<String> topics;
  private final int maxBytes;

  /**
   * A builder.
   *
   * @param topics names of the job's input topics
   * @param maxBytes largest encoded dead letter
   */
  public DeadLetters(String job, List<String> topics, int maxBytes) {
    this.job = job;
    this.topics = topics;
    this.maxBytes = maxBytes;
  }

  /** Of an event of kind UNDECODABLE, with its own reason. */
  public byte[] of(RoutedEvent event) {
    return of(event, event.reason, event.message);
  }

  /** Of a whole event. */
  public byte[] of(RoutedEvent event, Reason reason, String message) {
    return of(event, -1, null, reason, message);
  }

  /**
   * Of an item of an event.
   *
   * @param index {@link ExampleReader#itemIndex()}
   * @param item {@link ExampleReader#itemAsExample()}; null: the whole record is the evidence, and
   *     {@code index} is not used
   */
  public byte[] of(RoutedEvent event, int index, byte[] item, Reason reason, String message) {
    return of(
        event.topic,
        event.partition,
        event.offset,
        item == null ? -1 : index,
        event.timestamp,
        event.recordKey,
        event.key,
        item == null ? event.value : item,
        reason,
        message);
  }

  /**
   * Of an event kept in state.
   *
   * @param recordKey may be null
   * @param modelKey empty: it could not be read
   * @param value may be null
   */
  public byte[] of(
      int topic,
      int partition,
      long offset,
      int index,
      long timestamp,
      byte[] recordKey,
      String modelKey,
      byte[] value,
      Reason reason,
      String message) {
    throw new UnsupportedOperationException(job + topics + maxBytes);
  }
}
