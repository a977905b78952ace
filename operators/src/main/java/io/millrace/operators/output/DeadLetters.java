package io.millrace.operators.output;

import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Partitioner;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Builds dead letters. Thread-safe.
 *
 * <p>A dead letter must itself fit into a Kafka record, key included, else the event that could not
 * be used stops the job after all: beyond {@code maxBytes} the value is cut, and the message says
 * so and where the whole is. A record key is used again as the letter's own only up to {@value
 * #MAX_KEY_BYTES} bytes; the letter holds it in any case.
 */
public final class DeadLetters {
  /** What a letter needs besides key and value: addresses, names, the message, a model key. */
  private static final int HEAD_BYTES = 8 * 1024;

  /** Least room that a letter can be put into. */
  public static final int MIN_BYTES = 2 * HEAD_BYTES;

  /** Longest message, at most 3 bytes each. */
  private static final int MESSAGE_CHARS = 1000;

  /** Longest record key that a letter takes over as its own. */
  static final int MAX_KEY_BYTES = 1024;

  private final String job;
  private final int maxBytes;

  /**
   * A builder.
   *
   * @param job name of the job
   * @param maxBytes largest dead letter with its key, from {@link #MIN_BYTES}
   */
  public DeadLetters(String job, int maxBytes) {
    if (maxBytes < MIN_BYTES) {
      throw new IllegalStateException(
          "dead letters of " + maxBytes + " bytes; must be at least " + MIN_BYTES);
    }
    this.job = job;
    this.maxBytes = maxBytes;
  }

  /** The dead letter of an event; letters of a key lie on one partition, in their order. */
  public OutRecord of(Evidence e, Reason reason, String message) {
    byte[] own =
        e.recordKey() == null || e.recordKey().length > MAX_KEY_BYTES ? null : e.recordKey();
    int room =
        Math.max(0, maxBytes - HEAD_BYTES - 3 * e.key().length() - (own == null ? 0 : own.length));
    String text = message.length() > MESSAGE_CHARS ? message.substring(0, MESSAGE_CHARS) : message;
    byte[] shortKey = cut(e.recordKey(), room / 4);
    byte[] shortValue = cut(e.value(), room - (shortKey == null ? 0 : shortKey.length));
    if (shortValue != e.value() || shortKey != e.recordKey()) {
      text +=
          "; cut to fit into a record of " + maxBytes + " bytes, the whole is at " + e.address();
    }
    DeadLetter letter = new DeadLetter();
    letter.setTopic(e.address().topic());
    letter.setPartition(e.address().partition());
    letter.setOffset(e.address().offset());
    letter.setIndex(e.address().index());
    letter.setTimestamp(Instant.ofEpochMilli(e.timestamp()));
    letter.setRecordKey(shortKey == null ? null : ByteBuffer.wrap(shortKey));
    letter.setValue(shortValue == null ? null : ByteBuffer.wrap(shortValue));
    letter.setReason(reason);
    letter.setMessage(text);
    letter.setJob(job);
    letter.setModelKey(e.key().isEmpty() ? null : e.key());
    return OutRecord.hashed(own, SingleObject.encode(letter), place(e));
  }

  /** Letters of a key keep their order; those of nobody are spread over the partitions. */
  private static int place(Evidence e) {
    if (!e.key().isEmpty()) {
      return Partitioner.hash(e.key().getBytes(StandardCharsets.UTF_8));
    }
    return e.recordKey() == null
        ? Long.hashCode(31 * e.address().offset() + e.address().partition())
        : Partitioner.hash(e.recordKey());
  }

  private static byte[] cut(byte[] bytes, int most) {
    return bytes == null || bytes.length <= most ? bytes : Arrays.copyOf(bytes, most);
  }
}
