package io.millrace.state;

import io.millrace.operators.output.OutRecord;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Carries {@link OutRecord}s to the sink.
 *
 * <pre>int32 place | int32 length or -1, key | int32 length or -1, value</pre>
 */
public final class OutRecordSerializer extends StateSerializer<OutRecord> {
  public static final OutRecordSerializer INSTANCE = new OutRecordSerializer();
  private static final long serialVersionUID = 1;

  /** Type of what all channels carry. */
  public static final TypeInformation<OutRecord> TYPE =
      new SerializedType<>(OutRecord.class, INSTANCE);

  @Override
  public void serialize(OutRecord r, DataOutputView out) throws IOException {
    out.writeInt(r.place());
    writeBytes(r.key, out);
    writeBytes(r.value, out);
  }

  @Override
  public OutRecord deserialize(DataInputView in) throws IOException {
    int place = in.readInt();
    byte[] key = readBytes(in);
    return OutRecord.placed(key, readBytes(in), place);
  }

  private static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
    if (bytes == null) {
      out.writeInt(-1);
    } else {
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  }

  private static byte[] readBytes(DataInputView in) throws IOException {
    int length = in.readInt();
    if (length < 0) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  @Override
  public TypeSerializer<OutRecord> duplicate() {
    return this;
  }

  @Override
  public TypeSerializerSnapshot<OutRecord> snapshotConfiguration() {
    return new OutRecordSerializerSnapshot();
  }
}
