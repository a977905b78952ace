package io.millrace.state;

import io.millrace.operators.journal.GroupOrders;

/** Layout of {@link GroupOrdersSerializer}. This class name is part of savepoints. */
public final class GroupOrdersSerializerSnapshot extends FormatSnapshot<GroupOrders> {
  /** For Flink, which reads into it. */
  public GroupOrdersSerializerSnapshot() {
    super("orders of key groups", 1, GroupOrdersSerializer::new);
  }
}
