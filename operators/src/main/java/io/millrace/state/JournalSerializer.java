package io.millrace.state;

import io.millrace.operators.journal.ByteCodec;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.JournalCodec;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Puts a {@link Journal} into a state backend. */
public final class JournalSerializer extends CodecSerializer<Journal> {
  private static final long serialVersionUID = 1;

  @Override
  ByteCodec<Journal> newCodec() {
    return new JournalCodec();
  }

  @Override
  public Journal copy(Journal from) {
    return from.copy();
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public TypeSerializer<Journal> duplicate() {
    return new JournalSerializer();
  }

  @Override
  public TypeSerializerSnapshot<Journal> snapshotConfiguration() {
    return new JournalSerializerSnapshot();
  }
}
