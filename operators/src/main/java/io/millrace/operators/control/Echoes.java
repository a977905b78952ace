package io.millrace.operators.control;

import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.Steering;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.output.Outputs;
import io.millrace.schemas.ArmChange;
import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import io.millrace.schemas.ModelKeys;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Says in the metrics topic what became of orders. */
public final class Echoes {
  private final String job;
  private final long incarnation;
  private final Steering steering;
  private final Outputs outputs;

  /**
   * Echoes of a stage.
   *
   * @param job name of the job
   */
  public Echoes(String job, long incarnation, Steering steering, Outputs outputs) {
    this.job = job;
    this.incarnation = incarnation;
    this.steering = steering;
    this.outputs = outputs;
  }

  /** An order as its sender knows it. */
  private record Told(
      String origin,
      long sequence,
      ControlCommand command,
      ArmCommand arm,
      String name,
      double value,
      Instant eventTime) {
    static Told of(Control c) {
      return new Told(
          c.getOrigin(),
          c.getSequence(),
          c.getCommand(),
          ArmCommand.UNKNOWN,
          c.getName(),
          c.getValue(),
          c.getEventTime());
    }

    static Told of(ArmChange c) {
      return new Told(
          c.getOrigin(),
          c.getSequence(),
          ControlCommand.UNKNOWN,
          c.getCommand(),
          c.getArm(),
          c.getValue(),
          c.getEventTime());
    }
  }

  /**
   * An order has been taken.
   *
   * @param name the key, or {@link ModelKeys#ALL}
   * @param key null: all keys
   */
  void taken(Control c, String name, Key key) {
    send(echo(Told.of(c), name, key, ControlOutcome.TAKEN));
  }

  /** An order had been taken before. */
  void repeated(Control c, String name, Key key) {
    send(echo(Told.of(c), name, key, ControlOutcome.REPEATED));
  }

  /** An order is refused, as its dead letter says too. */
  void refused(Control c, String name, Key key, Reason reason, String message) {
    refused(Told.of(c), name, key, reason, message);
  }

  /** An order about an arm has been taken. */
  public void taken(ArmChange c, Key key) {
    send(echo(Told.of(c), key.name(), key, ControlOutcome.TAKEN));
  }

  /** An order about an arm had been taken before. */
  public void repeated(ArmChange c, Key key) {
    send(echo(Told.of(c), key.name(), key, ControlOutcome.REPEATED));
  }

  /**
   * An order about an arm is refused, as its dead letter says too.
   *
   * @param key may not have begun
   */
  public void refused(ArmChange c, Key key, Reason reason, String message) {
    refused(Told.of(c), key.name(), key, reason, message);
  }

  private void refused(Told told, String name, Key key, Reason reason, String message) {
    ControlEcho echo = echo(told, name, key, ControlOutcome.REFUSED);
    echo.setReason(reason.name());
    echo.setMessage(message);
    send(echo);
  }

  /** A hyperparameter that an order had set is in force no more. */
  void dropped(String hyper, double value, String why, String name, Key key) {
    Instant time = Instant.ofEpochMilli(key == null ? 0 : key.journal().eventTime);
    Told told = new Told("", 0, ControlCommand.SET, ArmCommand.UNKNOWN, hyper, value, time);
    ControlEcho echo = echo(told, name, key, ControlOutcome.DROPPED);
    echo.setMessage(why);
    send(echo);
  }

  private ControlEcho echo(Told told, String name, Key key, ControlOutcome outcome) {
    Journal j = key == null ? null : key.journal();
    return new ControlEcho(
        name,
        job,
        told.origin,
        told.sequence,
        told.command,
        told.name,
        told.value,
        outcome,
        "",
        "",
        j == null ? incarnation : j.incarnation,
        j == null ? 0 : j.controlEpoch,
        j == null ? -1 : steering.steps(key),
        told.eventTime,
        told.arm);
  }

  private void send(ControlEcho echo) {
    byte[] key = echo.getKey().getBytes(StandardCharsets.UTF_8);
    outputs.emit(Channel.METRICS, OutRecord.of(key, SingleObject.encode(echo)));
  }
}
