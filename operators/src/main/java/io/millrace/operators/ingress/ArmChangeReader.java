package io.millrace.operators.ingress;

import io.millrace.schemas.ArmChange;
import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.util.List;

/**
 * Reads ArmChange bodies. Total like {@link ExampleReader}: no bytes make it throw. Such orders are
 * rare, so it takes Avro's reader and makes an object. One per subtask, not thread-safe.
 */
public final class ArmChangeReader {
  private final List<String> topics;
  private final int maxNameBytes;
  private final EventTimes times;
  private final Fault fault = new Fault();
  private ArmChange change;
  private long eventTime;

  /**
   * A reader over the standard schemas.
   *
   * @param topics names of the job's input topics, for messages
   * @param maxNameBytes longest name of an arm, in characters
   * @param times which event times are taken
   */
  public ArmChangeReader(List<String> topics, int maxNameBytes, EventTimes times) {
    this.topics = List.copyOf(topics);
    this.maxNameBytes = maxNameBytes;
    this.times = times;
  }

  /** Reads an event of kind ARM_CHANGE; false: {@link #reason()} and {@link #message()} say why. */
  public boolean read(RoutedEvent event) {
    fault.at(topics.get(event.topic), event.partition, event.offset, -1);
    change = null;
    ArmChange read;
    try {
      read = SingleObject.standard().decode(ArmChange.class, event.value);
    } catch (DecodeException e) {
      fault.set(e.reason(), e.getMessage());
      return false;
    }
    check(read, event.timestamp);
    if (fault.none()) {
      change = read;
    }
    return fault.none();
  }

  private void check(ArmChange c, long timestamp) {
    if (c.getCommand() == ArmCommand.UNKNOWN) {
      fault.set(Reason.UNKNOWN_CONTROL, "command is UNKNOWN, must be one of ADD, REMOVE, PURGE");
    }
    if (c.getArm().isEmpty() || c.getArm().length() > maxNameBytes) {
      fault.set(
          Reason.UNKNOWN_ARM,
          "arm has a name of "
              + c.getArm().length()
              + " characters, must be of 1 to "
              + maxNameBytes);
    }
    if (Double.isInfinite(c.getValue())) { // NaN: an arm that has a name alone
      fault.set(
          Reason.NOT_FINITE, "value is " + c.getValue() + ", must be finite, or NaN for none");
    }
    if (!(c.getWeight() >= 0 && c.getWeight() <= Double.MAX_VALUE)) {
      fault.set(
          Reason.BAD_WEIGHT, "weight is " + c.getWeight() + ", must be finite and at least 0");
    }
    eventTime =
        times.resolve(
            c.getEventTime() == null ? 0 : c.getEventTime().toEpochMilli(), timestamp, fault);
  }

  /** When it was given, milliseconds since the epoch. */
  public long eventTime() {
    return eventTime;
  }

  /** The order, a new object for each event; null after a fault. */
  public ArmChange change() {
    return change;
  }

  /** Why the order cannot be used; null: it can. */
  public Reason reason() {
    return fault.reason();
  }

  /** The same for people. */
  public String message() {
    return fault.message();
  }
}
