package io.millrace.state;

import io.millrace.operators.journal.Journal;

/** Layout of {@link JournalSerializer}. This class name is part of savepoints. */
public final class JournalSerializerSnapshot extends FormatSnapshot<Journal> {
  /** For Flink, which reads into it. */
  public JournalSerializerSnapshot() {
    super("journals of keys", 1, JournalSerializer::new);
  }
}
