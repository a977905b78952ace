package io.millrace.operators.ingress;

import io.millrace.schemas.ModelKeys;
import io.millrace.schemas.Reason;

/**
 * A Kafka record on its way to the operator that owns its key: where it came from, whose it is and
 * its value untouched. Only the header and the keys have been looked at; the body is read behind
 * the shuffle by {@link ExampleReader}, {@link LabelReader} or {@link ControlReader}.
 *
 * <p>Immutable by convention: nobody writes into the byte arrays, so an event may be shared between
 * operators and Flink need not copy it.
 */
public final class RoutedEvent {
  /** {@link #kind}: not usable, see {@link #reason} and {@link #message}. */
  public static final int UNUSABLE = 0;

  /**
   * {@link #kind}: an order for every key, on its way to one key group of a stage. Its key is that
   * group's name, no model's.
   */
  public static final int ORDER = 1;

  /**
   * {@link #kind}: how far {@link #partition} of the job's first topic has come in event time,
   * which is its {@link #timestamp}. Its key is empty, on its way to one key group of a stage that
   * group's name.
   */
  public static final int TIME = 255;

  /** What it is: {@link EventKind#code()}, or one of the constants above. */
  public final int kind;

  /** Index into the job's list of input topics. */
  public final int topic;

  /** Partition of the Kafka record. */
  public final int partition;

  /** Offset of the Kafka record. */
  public final long offset;

  /**
   * Of the Kafka record, milliseconds since the epoch; negative: it has none. See {@link #TIME}.
   */
  public final long timestamp;

  /** Key of the Kafka record as received; null: it has none. */
  public final byte[] recordKey;

  /** The key; empty where there is none ({@link #UNUSABLE} and {@link #TIME} only), never null. */
  public final String key;

  /** The second key of a kind that has one, else null. */
  public final String secondKey;

  /**
   * Value of the Kafka record as received; null: it has none ({@link #UNUSABLE}, {@link #TIME}).
   */
  public final byte[] value;

  /** Why it cannot be used; null unless {@link #UNUSABLE}. */
  public final Reason reason;

  /** The same for people; null unless {@link #UNUSABLE}. */
  public final String message;

  /** An event of any kind; the arrays are kept. */
  public RoutedEvent(
      int kind,
      int topic,
      int partition,
      long offset,
      long timestamp,
      byte[] recordKey,
      String key,
      String secondKey,
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
    this.secondKey = secondKey;
    this.value = value;
    this.reason = reason;
    this.message = message;
  }

  /** The same record as an event of another kind, for a stage behind. */
  public RoutedEvent as(EventKind k) {
    return new RoutedEvent(
        k.code(), topic, partition, offset, timestamp, recordKey, key, secondKey, value, null,
        null);
  }

  /** An order for every key, or a {@link #TIME}, on its way to a key group. */
  public RoutedEvent toGroup(String group) {
    int to = kind == TIME ? TIME : ORDER;
    return new RoutedEvent(
        to, topic, partition, offset, timestamp, recordKey, group, null, value, null, null);
  }

  /** That this record's partition has come to a time. */
  public RoutedEvent time(long time) {
    return new RoutedEvent(TIME, topic, partition, offset, time, null, "", null, null, null, null);
  }

  /** Whether it is for a key group, by whose name as key it goes, and not for a model. */
  public boolean forGroup() {
    return kind == ORDER || kind == TIME;
  }

  /** Whether it is of a kind. */
  public boolean is(EventKind k) {
    return kind == k.code();
  }

  /** Whether it can be used at all. */
  public boolean usable() {
    return kind != UNUSABLE;
  }

  /** Whether this is a Control for every key, not yet on its way to the key groups. */
  public boolean forAllKeys() {
    return kind == EventKind.CONTROL.code() && key.equals(ModelKeys.ALL);
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
        + (secondKey == null ? "" : ", second key='" + secondKey + "'")
        + (reason == null ? "" : ", " + reason + ": " + message)
        + "}";
  }
}
