package io.millrace.state;

import io.millrace.operators.journal.KeptEvent;

/** Layout of {@link KeptEventSerializer}. This class name is part of savepoints. */
public final class KeptEventSerializerSnapshot extends FormatSnapshot<KeptEvent> {
  /** For Flink, which reads into it. */
  public KeptEventSerializerSnapshot() {
    super("events held", 1, KeptEventSerializer::new);
  }
}
