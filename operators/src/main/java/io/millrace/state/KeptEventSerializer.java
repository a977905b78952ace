package io.millrace.state;

import io.millrace.operators.journal.ByteCodec;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.KeptEventCodec;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Puts a {@link KeptEvent} into a state backend. */
public final class KeptEventSerializer extends CodecSerializer<KeptEvent> {
  private static final long serialVersionUID = 1;

  @Override
  ByteCodec<KeptEvent> newCodec() {
    return new KeptEventCodec.Held();
  }

  @Override
  public TypeSerializer<KeptEvent> duplicate() {
    return new KeptEventSerializer();
  }

  @Override
  public TypeSerializerSnapshot<KeptEvent> snapshotConfiguration() {
    return new KeptEventSerializerSnapshot();
  }
}
