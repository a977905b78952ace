package io.millrace.state;

import io.millrace.operators.output.OutRecord;

/** Layout of {@link OutRecordSerializer}. This class name is part of savepoints. */
public final class OutRecordSerializerSnapshot extends FormatSnapshot<OutRecord> {
  /** For Flink, which reads into it. */
  public OutRecordSerializerSnapshot() {
    super("records for Kafka", 1, () -> OutRecordSerializer.INSTANCE);
  }
}
