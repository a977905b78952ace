package io.millrace.operators.control;

import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.Steering;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.output.Outputs;
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

  /**
   * An order has been taken.
   *
   * @param name the key, or {@link ModelKeys#ALL}
   * @param key null: all keys
   */
  void taken(Control c, String name, Key key) {
    send(echo(c, name, key, ControlOutcome.TAKEN));
  }

  /** An order had been taken before. */
  void repeated(Control c, String name, Key key) {
    send(echo(c, name, key, ControlOutcome.REPEATED));
  }

  /** An order is refused, as its dead letter says too. */
  void refused(Control c, String name, Key key, Reason reason, String message) {
    ControlEcho echo = echo(c, name, key, ControlOutcome.REFUSED);
    echo.setReason(reason.name());
    echo.setMessage(message);
    send(echo);
  }

  /** A hyperparameter that an order had set is in force no more. */
  void dropped(String hyper, double value, String why, String name, Key key) {
    Control c = new Control();
    c.setCommand(ControlCommand.SET);
    c.setOrigin("");
    c.setName(hyper);
    c.setValue(value);
    c.setEventTime(Instant.ofEpochMilli(key == null ? 0 : key.journal().eventTime));
    ControlEcho echo = echo(c, name, key, ControlOutcome.DROPPED);
    echo.setMessage(why);
    send(echo);
  }

  private ControlEcho echo(Control c, String name, Key key, ControlOutcome outcome) {
    Journal j = key == null ? null : key.journal();
    return new ControlEcho(
        name,
        job,
        c.getOrigin(),
        c.getSequence(),
        c.getCommand(),
        c.getName(),
        c.getValue(),
        outcome,
        "",
        "",
        j == null ? incarnation : j.incarnation,
        j == null ? 0 : j.controlEpoch,
        j == null ? -1 : steering.steps(key),
        c.getEventTime());
  }

  private void send(ControlEcho echo) {
    byte[] key = echo.getKey().getBytes(StandardCharsets.UTF_8);
    outputs.emit(Channel.METRICS, OutRecord.of(key, SingleObject.encode(echo)));
  }
}
