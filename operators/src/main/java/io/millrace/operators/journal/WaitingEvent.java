package io.millrace.operators.journal;

/**
 * An event that waits for another one with the same id: an example for its label, a request for its
 * feedback. Immutable by convention.
 *
 * @param place in the order of arrival of the key's waiting events
 * @param made what was made of the event when it came and is needed when the other one comes: raw
 *     outputs of a prediction, probabilities of a decision
 */
public record WaitingEvent(long place, KeptEvent event, double[] made) {
  /** About how many bytes it takes, its id aside. */
  public int bytes() {
    return event.bytes() + made.length * Double.BYTES;
  }
}
