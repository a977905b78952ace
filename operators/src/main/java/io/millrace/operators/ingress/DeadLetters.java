package io.millrace.operators.ingress;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Builds encoded DeadLetter records. Thread-safe.
 *
 * <p>A dead letter must itself fit into a Kafka record, else the event that could not be used stops
 * the job after all: beyond {@code maxBytes} the value is cut, and the message says so and where
 * the whole is.
 */
public final class DeadLetters {
  /** What a letter needs besides key and value: addresses, names, the message, a model key. */
  private static final int HEAD_BYTES = 8 * 1024;

  /** Longest message, at most 3 bytes each. */
  private static final int MESSAGE_CHARS = 1000;

  private final String job;
  private final List<String> topics;
  private final int maxBytes;

  /**
   * A builder.
   *
   * @param topics names of the job's input topics
   * @param maxBytes largest encoded dead letter, from 16 KiB
   */
  public DeadLetters(String job, List<String> topics, int maxBytes) {
    if (maxBytes < 2 * HEAD_BYTES) {
      throw new IllegalStateException(
          "dead letters of " + maxBytes + " bytes; must be at least " + 2 * HEAD_BYTES);
    }
    this.job = job;
    this.topics = List.copyOf(topics);
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
        item == null || index < 0 ? event.value : item,
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
    int room = Math.max(0, maxBytes - HEAD_BYTES - 3 * modelKey.length());
    String text = message.length() > MESSAGE_CHARS ? message.substring(0, MESSAGE_CHARS) : message;
    byte[] shortKey = cut(recordKey, room / 4);
    byte[] shortValue = cut(value, room - (shortKey == null ? 0 : shortKey.length));
    if (shortValue != value || shortKey != recordKey) {
      text +=
          "; cut to fit into a record of "
              + maxBytes
              + " bytes, the whole is at "
              + Fault.address(topics, topic, partition, offset, index);
    }
    DeadLetter letter = new DeadLetter();
    letter.setTopic(Fault.topicName(topics, topic));
    letter.setPartition(partition);
    letter.setOffset(offset);
    letter.setIndex(index);
    letter.setTimestamp(Instant.ofEpochMilli(timestamp));
    letter.setRecordKey(shortKey == null ? null : ByteBuffer.wrap(shortKey));
    letter.setValue(shortValue == null ? null : ByteBuffer.wrap(shortValue));
    letter.setReason(reason);
    letter.setMessage(text);
    letter.setJob(job);
    letter.setModelKey(modelKey.isEmpty() ? null : modelKey);
    return SingleObject.encode(letter);
  }

  private static byte[] cut(byte[] bytes, int most) {
    return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
  }
}
