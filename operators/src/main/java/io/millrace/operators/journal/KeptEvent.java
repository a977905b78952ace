package io.millrace.operators.journal;

import io.millrace.operators.ingress.Address;
import io.millrace.operators.ingress.RoutedEvent;

/**
 * An event kept in state until something can be done with it: its bytes, and where it came from.
 * Immutable by convention: nobody writes into the arrays, so copies of a state share it.
 *
 * @param topic index into the topic names of its {@link Journal}
 * @param index position in an ExampleBatch, -1: a record of its own
 * @param timestamp of the Kafka record
 * @param recordKey of the Kafka record, may be null
 * @param value a whole record, header included; an item of a batch as a record of its own
 * @param eventTime milliseconds since the epoch
 * @param label that came later: target or class index; NaN: its own, or none yet
 * @param weight that came with the label; NaN: its own
 * @param labelTopic where the label came from, -1: with the event
 */
public record KeptEvent(
    int topic,
    int partition,
    long offset,
    int index,
    long timestamp,
    byte[] recordKey,
    byte[] value,
    long eventTime,
    double label,
    double weight,
    int labelTopic,
    int labelPartition,
    long labelOffset) {
  /** Bytes of an event in memory, beside its value and its record key. */
  private static final int OVERHEAD = 128;

  /** An event without a label of another address. */
  public KeptEvent(
      int topic,
      int partition,
      long offset,
      int index,
      long timestamp,
      byte[] recordKey,
      byte[] value,
      long eventTime) {
    this(
        topic,
        partition,
        offset,
        index,
        timestamp,
        recordKey,
        value,
        eventTime,
        Double.NaN,
        Double.NaN,
        -1,
        -1,
        -1);
  }

  /**
   * A whole record.
   *
   * @param topic index into the topic names of the journal that it is kept with
   */
  public static KeptEvent of(RoutedEvent e, int topic, long eventTime) {
    return new KeptEvent(
        topic, e.partition, e.offset, -1, e.timestamp, e.recordKey, e.value, eventTime);
  }

  /** With a label that came at another address. */
  public KeptEvent labelled(double y, double w, int fromTopic, int fromPartition, long fromOffset) {
    return new KeptEvent(
        topic,
        partition,
        offset,
        index,
        timestamp,
        recordKey,
        value,
        eventTime,
        y,
        w,
        fromTopic,
        fromPartition,
        fromOffset);
  }

  /** Where it came from. */
  public Address address(Journal journal) {
    return new Address(journal.topicName(topic), partition, offset, index);
  }

  /** About how many bytes it takes. */
  public int bytes() {
    return (int) bytes(value, recordKey, 1);
  }

  /** About how many bytes a record takes, kept as so many events. */
  public static long bytes(byte[] value, byte[] recordKey, int events) {
    int each = OVERHEAD + (recordKey == null ? 0 : recordKey.length);
    return value.length + (long) events * each;
  }
}
