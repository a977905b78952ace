package io.millrace.state;

import io.millrace.operators.journal.ByteCodec;
import io.millrace.operators.journal.GroupOrders;
import io.millrace.operators.journal.GroupOrdersCodec;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/** Puts a {@link GroupOrders} into a state backend. */
public final class GroupOrdersSerializer extends CodecSerializer<GroupOrders> {
  private static final long serialVersionUID = 1;

  @Override
  ByteCodec<GroupOrders> newCodec() {
    return new GroupOrdersCodec();
  }

  @Override
  public TypeSerializer<GroupOrders> duplicate() {
    return new GroupOrdersSerializer();
  }

  @Override
  public TypeSerializerSnapshot<GroupOrders> snapshotConfiguration() {
    return new GroupOrdersSerializerSnapshot();
  }
}
