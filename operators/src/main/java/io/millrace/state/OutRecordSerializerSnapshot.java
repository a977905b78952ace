package io.millrace.state;

import io.millrace.operators.publish.OutRecord;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Which layout of {@link OutRecordSerializer} a savepoint holds. This class name is part of
 * savepoints.
 */
public final class OutRecordSerializerSnapshot implements TypeSerializerSnapshot<OutRecord> {
  private static final int VERSION = 1;

  @Override
  public int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public void writeSnapshot(DataOutputView out) {
    // The version, which Flink writes, says everything.
  }

  @Override
  public void readSnapshot(int version, DataInputView in, ClassLoader loader) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "records for Kafka were written by format "
              + version
              + "; this build reads "
              + VERSION
              + "; upgrade the job or restore an older savepoint");
    }
  }

  @Override
  public TypeSerializer<OutRecord> restoreSerializer() {
    return OutRecordSerializer.INSTANCE;
  }

  @Override
  public TypeSerializerSchemaCompatibility<OutRecord> resolveSchemaCompatibility(
      TypeSerializerSnapshot<OutRecord> old) {
    return old instanceof OutRecordSerializerSnapshot
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
