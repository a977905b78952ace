package io.millrace.operators.ingress;

import io.millrace.schemas.Reason;

/**
 * A Kafka record on its way to the operator that owns its key: where it came from, whose it is and
 * its value untouched. Only the header and the key have been looked at; the body is read behind the
 * shuffle by {@link ExampleReader}, {@link LabelReader} or {@link ControlReader}.
 *
 * <p>Immutable by convention: nobody writes into the byte arrays, so an event may be shared between
 * operators and Flink need not copy it.
 */
public final class RoutedEvent {
  /** {@link #kind}: one Example. */
  public static final byte EXAMPLE = 0;

  /** {@link #kind}: an ExampleBatch. */
  public static final byte EXAMPLE_BATCH = 1;

  /** {@link #kind}: a Label. */
  public static final byte LABEL = 2;

  /** {@link #kind}: a Control, for one key or for {@link #ALL_KEYS}. */
  public static final byte CONTROL = 3;

  /** {@link #kind}: not usable, see {@link #reason} and {@link #message}. */
  public static final byte UNDECODABLE = 4;

  /** Number of kinds. */
  static final int KINDS = 5;

  /** Key of a Control that is for every key. */
  public static final String ALL_KEYS = "*";

  /** What it is: one of the constants above. */
  public final byte kind;

  /** Index into the job's list of input topics. */
  public final int topic;

  public final int partition;
  public final long offset;

  /** Of the Kafka record, milliseconds since the epoch; negative: it has none. */
  public final long timestamp;

  /** Key of the Kafka record as received; null: it has none. */
  public final byte[] recordKey;

  /** Model key; empty where it could not be read ({@link #UNDECODABLE} only), never null. */
  public final String key;

  /** Value of the Kafka record as received; null: it has none ({@link #UNDECODABLE} only). */
  public final byte[] value;

  /** Why it cannot be used; null unless {@link #UNDECODABLE}. */
  public final Reason reason;

  /** The same for people; null unless {@link #UNDECODABLE}. */
  public final String message;

  /** An event of any kind; the arrays are kept. */
  public RoutedEvent(
      byte kind,
      int topic,
      int partition,
      long offset,
      long timestamp,
      byte[] recordKey,
      String key,
      byte[] value,
      Reason reason,
      String message) {
    this.kind = kind;
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.timestamp = timestamp;
    this.recordKey = recordKey;
    this.key = key;
    this.value = value;
    this.reason = reason;
    this.message = message;
  }

  /** Whether this is a Control for every key. */
  public boolean broadcast() {
    return kind == CONTROL && key.equals(ALL_KEYS);
  }

  @Override
  public String toString() {
    return "RoutedEvent{kind="
        + kind
        + ", topic="
        + topic
        + ", "
        + partition
        + "@"
        + offset
        + ", key='"
        + key
        + "'"
        + (reason == null ? "" : ", " + reason + ": " + message)
        + "}";
  }
}
