package io.millrace.operators.ingress;

import io.millrace.schemas.Reason;
import java.util.List;

/**
 * Where a reader stands and the first thing it found wrong there. Messages are built only when
 * there is a fault.
 */
final class Fault {
  private final List<String> topics;
  private int topic;
  private int partition;
  private long offset;
  private int index = -1;
  private Reason reason;
  private String message;

  Fault(List<String> topics) {
    this.topics = List.copyOf(topics);
  }

  /** Moves to another record and forgets the fault. */
  void at(int newTopic, int newPartition, long newOffset, int newIndex) {
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
      message = address(topics, topic, partition, offset, index) + ": " + text;
    }
  }

  /** Form {@code events-3@10442}, and {@code events-3@10442[7]} for an item of a batch. */
  static String address(List<String> topics, int topic, int partition, long offset, int index) {
    return topicName(topics, topic)
        + "-"
        + partition
        + "@"
        + offset
        + (index < 0 ? "" : "[" + index + "]");
  }

  /** Name of a topic; a number where the list has none, since bad input must not end in a throw. */
  static String topicName(List<String> topics, int topic) {
    return topic >= 0 && topic < topics.size() ? topics.get(topic) : "topic#" + topic;
  }
}
