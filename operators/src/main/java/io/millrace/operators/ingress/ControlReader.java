package io.millrace.operators.ingress;

import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.util.List;

/**
 * Reads Control bodies. Total like {@link ExampleReader}: no bytes make it throw. Orders are rare,
 * so it takes Avro's reader and makes an object. One per subtask, not thread-safe.
 */
public final class ControlReader {
  private final SingleObject schemas;
  private final List<String> topics;
  private final EventTimes times;
  private final Fault fault;
  private Control control;
  private long eventTime;

  /**
   * A reader over the standard schemas.
   *
   * @param topics names of the job's input topics, for messages
   * @param times which event times are taken
   */
  public ControlReader(List<String> topics, EventTimes times) {
    this(topics, times, SingleObject.standard());
  }

  /** A reader over other schemas. */
  public ControlReader(List<String> topics, EventTimes times, SingleObject schemas) {
    this.topics = List.copyOf(topics);
    this.times = times;
    this.schemas = schemas;
    fault = new Fault();
  }

  /**
   * Reads an order, for one key or for all; false: {@link #reason()} and {@link #message()} say
   * why.
   */
  public boolean read(RoutedEvent event) {
    fault.at(topics.get(event.topic), event.partition, event.offset, -1);
    control = null;
    eventTime = 0;
    Control read;
    try {
      read = schemas.decode(Control.class, event.value);
    } catch (DecodeException e) {
      fault.set(e.reason(), e.getMessage());
      return false;
    }
    if (read.getCommand() == ControlCommand.UNKNOWN) {
      fault.set(
          Reason.UNKNOWN_CONTROL,
          "command is UNKNOWN, must be one of SET, UNSET, RESET, PAUSE, RESUME, SNAPSHOT, PROMOTE,"
              + " ROLLBACK");
    } else if (read.getCommand() == ControlCommand.SET
        || read.getCommand() == ControlCommand.UNSET) {
      if (read.getName().isEmpty()) {
        fault.set(Reason.UNKNOWN_HYPERPARAMETER, "name is empty, must be a hyperparameter's");
      }
      if (read.getCommand() == ControlCommand.SET
          && !(Math.abs(read.getValue()) <= Double.MAX_VALUE)) {
        fault.set(
            Reason.BAD_HYPERPARAMETER,
            read.getName() + " = " + read.getValue() + "; must be finite");
      }
    }
    if (read.getCopies() < 0) {
      fault.set(
          Reason.MALFORMED, "copies = " + read.getCopies() + "; must be a number of partitions");
    }
    long own = read.getEventTime() == null ? 0 : read.getEventTime().toEpochMilli();
    eventTime = times.resolve(own, event.timestamp, fault);
    if (!fault.none()) {
      return false;
    }
    control = read;
    return true;
  }

  /** The order, a new object for each event; null after a fault. */
  public Control control() {
    return control;
  }

  /** Milliseconds since the epoch: the event's own, else the Kafka record's, else 0. */
  public long eventTime() {
    return eventTime;
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
