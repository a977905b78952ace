package io.millrace.operators.publish;

import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.metrics.StageMetrics;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.output.Evidence;
import io.millrace.operators.output.Outputs;
import io.millrace.schemas.Reason;
import java.util.List;

/** Sends events that could not be used to the dead letters, and counts them. */
public final class DeadLetterOffice {
  private final List<String> topics;
  private final DeadLetters letters;
  private final Outputs outputs;
  private final StageMetrics metrics;

  /**
   * An office.
   *
   * @param topics names of the job's input topics, which events name by their place
   */
  public DeadLetterOffice(
      List<String> topics, DeadLetters letters, Outputs outputs, StageMetrics metrics) {
    this.topics = topics;
    this.letters = letters;
    this.outputs = outputs;
    this.metrics = metrics;
  }

  /**
   * Sends evidence.
   *
   * @param j of the key, null if it has none; counts the letter
   * @param message that is put behind the address
   */
  public void send(Evidence e, Journal j, Reason reason, String message) {
    letter(e, j, reason, e.address() + ": " + message);
  }

  /** Sends a whole event. */
  public void send(RoutedEvent e, Journal j, Reason reason, String message) {
    send(evidence(e), j, reason, message);
  }

  /**
   * Sends an event, or an item of it, that a reader has refused.
   *
   * @param message the reader's, which begins with the address
   */
  public void sendRead(Evidence e, Journal j, Reason reason, String message) {
    letter(e, j, reason, message);
  }

  private void letter(Evidence e, Journal j, Reason reason, String text) {
    metrics.deadLetter(reason);
    if (j != null) {
      j.deadLetters++;
    }
    outputs.emit(Channel.DEAD_LETTERS, letters.of(e, reason, text));
  }

  /** An event as it was received. */
  public Evidence evidence(RoutedEvent e) {
    return Evidence.of(e, topics);
  }

  /** An item of an event; see {@link Evidence#of(RoutedEvent, List, int, byte[])}. */
  public Evidence evidence(RoutedEvent e, int index, byte[] item) {
    return Evidence.of(e, topics, index, item);
  }

  /** An event kept in state. */
  public static Evidence evidence(KeptEvent e, String key, Journal j) {
    return new Evidence(e.address(j), e.timestamp(), e.recordKey(), key, e.value());
  }
}
