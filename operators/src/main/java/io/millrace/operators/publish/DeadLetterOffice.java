package io.millrace.operators.publish;

import io.millrace.operators.ingress.DeadLetters;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.learner.HeldExample;
import io.millrace.operators.learner.KeyState;
import io.millrace.operators.learner.LearnerOptions;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.schemas.Reason;
import java.util.List;

/** Sends events that could not be used to the dead letters, and counts them. */
public final class DeadLetterOffice {
  private final List<String> topics;
  private final DeadLetters letters;
  private final Outputs outputs;
  private final LearnerMetrics metrics;

  public DeadLetterOffice(LearnerOptions options, Outputs outputs, LearnerMetrics metrics) {
    this.topics = options.topics();
    this.letters = new DeadLetters(options.job(), topics, options.deadLetterBytes());
    this.outputs = outputs;
    this.metrics = metrics;
  }

  /** A whole event, with a reason that the ingress found. */
  public void send(RoutedEvent e, KeyState s, Reason reason, String message) {
    send(e, -1, null, s, reason, message);
  }

  /**
   * An item of an event.
   *
   * @param item the item as an Example; null: the whole record is the evidence
   * @param s of the key, null if it has none; counts the letter
   */
  public void send(
      RoutedEvent e, int index, byte[] item, KeyState s, Reason reason, String message) {
    count(s, reason);
    outputs.deadLetter(
        new OutRecord(e.recordKey, letters.of(e, index, item, reason, message), e.key));
  }

  /** An example kept in state. */
  public void send(HeldExample e, String key, KeyState s, Reason reason, String message) {
    count(s, reason);
    byte[] letter =
        letters.of(
            topics.indexOf(s.topicName(e.topic())),
            e.partition(),
            e.offset(),
            e.index(),
            e.timestamp(),
            e.recordKey(),
            key,
            e.value(),
            reason,
            message);
    outputs.deadLetter(new OutRecord(e.recordKey(), letter, key));
  }

  /** Where an event came from, to begin a message with. */
  public String address(RoutedEvent e, int index) {
    return address(topics.get(e.topic), e.partition, e.offset, index);
  }

  /** Where an example in state came from. */
  public String address(HeldExample e, KeyState s) {
    return address(s.topicName(e.topic()), e.partition(), e.offset(), e.index());
  }

  private static String address(String topic, int partition, long offset, int index) {
    return topic + "-" + partition + "@" + offset + (index < 0 ? "" : "[" + index + "]");
  }

  private void count(KeyState s, Reason reason) {
    metrics.deadLetter(reason);
    if (s != null) {
      s.deadLetters++;
    }
  }
}
