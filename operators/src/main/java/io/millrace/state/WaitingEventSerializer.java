package io.millrace.state;

import io.millrace.operators.journal.ByteCodec;
import io.millrace.operators.journal.KeptEventCodec;
import io.millrace.operators.journal.WaitingEvent;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Puts a {@link WaitingEvent} into a state backend. */
public final class WaitingEventSerializer extends CodecSerializer<WaitingEvent> {
  private static final long serialVersionUID = 1;

  @Override
  ByteCodec<WaitingEvent> newCodec() {
    return new KeptEventCodec.Waiting();
  }

  @Override
  public TypeSerializer<WaitingEvent> duplicate() {
    return new WaitingEventSerializer();
  }

  @Override
  public TypeSerializerSnapshot<WaitingEvent> snapshotConfiguration() {
    return new WaitingEventSerializerSnapshot();
  }
}
