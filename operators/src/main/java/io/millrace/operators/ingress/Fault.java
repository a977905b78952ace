package io.millrace.operators.ingress;

import io.millrace.schemas.Reason;

/**
 * Where a reader stands and the first thing it found wrong there. Messages are built only when
 * there is a fault.
 */
final class Fault {
  private String topic = "";
  private int partition;
  private long offset;
  private int index = -1;
  private Reason reason;
  private String message;

  /** Moves to another record and forgets the fault. */
  void at(String newTopic, int newPartition, long newOffset, int newIndex) {
    topic = newTopic;
    partition = newPartition;
    offset = newOffset;
    index = newIndex;
    clear();
  }

  /** Moves to another item of the record and forgets the fault. */
  void item(int newIndex) {
    index = newIndex;
    clear();
  }

  private void clear() {
    reason = null;
    message = null;
  }

  int index() {
    return index;
  }

  boolean none() {
    return reason == null;
  }

  Reason reason() {
    return reason;
  }

  String message() {
    return message;
  }

  /** Notes a fault; the first one of an item stays. */
  void set(Reason why, String text) {
    if (reason == null) {
      reason = why;
      message = address(topic, partition, offset, index) + ": " + text;
    }
  }

  /** Form {@code events-3@10442}, and {@code events-3@10442[7]} for an item of a batch. */
  static String address(String topic, int partition, long offset, int index) {
    return topic + "-" + partition + "@" + offset + (index < 0 ? "" : "[" + index + "]");
  }
}
