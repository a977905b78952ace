package io.millrace.operators.learner;

/**
 * An example kept in state until it can be learned from: its bytes, and where it came from.
 * Immutable by convention: nobody writes into the arrays, so copies of a state share it.
 *
 * @param topic index into the topic names of its {@link KeyState}
 * @param index position in an ExampleBatch, -1: an Example of its own
 * @param timestamp of the Kafka record
 * @param recordKey of the Kafka record, may be null
 * @param value an Example record
 * @param eventTime milliseconds since the epoch
 * @param label that came later: target or class index; NaN: its own, or none yet
 * @param weight that came with the label; NaN: its own
 * @param labelTopic where the label came from, -1: with the example
 */
public record HeldExample(
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

  /** With a label that came at another address. */
  public HeldExample labelled(
      double y, double w, int fromTopic, int fromPartition, long fromOffset) {
    return new HeldExample(
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
}
