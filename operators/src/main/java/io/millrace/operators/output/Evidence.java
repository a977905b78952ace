package io.millrace.operators.output;

import io.millrace.operators.ingress.Address;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.schemas.ModelKeys;
import java.util.List;

/**
 * An event that could not be used, as its dead letter shows it. The arrays are not modified.
 *
 * @param timestamp of the Kafka record, milliseconds since the epoch
 * @param recordKey key of the Kafka record as received, may be null
 * @param key the event's own key; empty: it could not be read
 * @param value the record's value, or an item as an Example; may be null
 */
public record Evidence(
    Address address, long timestamp, byte[] recordKey, String key, byte[] value) {

  /**
   * An event as it was received.
   *
   * @param topics names of the job's input topics, of which the event carries the place
   */
  public static Evidence of(RoutedEvent e, List<String> topics) {
    return of(e, topics, -1, null);
  }

  /**
   * An item of an event.
   *
   * @param index of the item, below 0: the whole record
   * @param item the item as an Example; null: the whole record is the evidence
   */
  public static Evidence of(RoutedEvent e, List<String> topics, int index, byte[] item) {
    return new Evidence(
        new Address(topics.get(e.topic), e.partition, e.offset, item == null ? -1 : index),
        e.timestamp,
        e.recordKey,
        e.kind == RoutedEvent.ORDER ? ModelKeys.ALL : e.key,
        item == null || index < 0 ? e.value : item);
  }
}
