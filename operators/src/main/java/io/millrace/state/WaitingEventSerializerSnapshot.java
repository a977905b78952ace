package io.millrace.state;

import io.millrace.operators.journal.WaitingEvent;

/** Layout of {@link WaitingEventSerializer}. This class name is part of savepoints. */
public final class WaitingEventSerializerSnapshot extends FormatSnapshot<WaitingEvent> {
  /** For Flink, which reads into it. */
  public WaitingEventSerializerSnapshot() {
    super("events that wait", 1, WaitingEventSerializer::new);
  }
}
