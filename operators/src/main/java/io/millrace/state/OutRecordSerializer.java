package io.millrace.state;

import io.millrace.operators.publish.OutRecord;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Carries {@link OutRecord}s to the sink.
 *
 * <pre>int32 length or -1, key | int32 length or -1, value | partition key in modified UTF-8</pre>
 */
public final class OutRecordSerializer extends TypeSerializer<OutRecord> {
  public static final OutRecordSerializer INSTANCE = new OutRecordSerializer();
  private static final long serialVersionUID = 1;

  @Override
  public void serialize(OutRecord r, DataOutputView out) throws IOException {
    writeBytes(r.key, out);
    writeBytes(r.value, out);
    out.writeUTF(r.partitionKey);
  }

  @Override
  public OutRecord deserialize(DataInputView in) throws IOException {
    byte[] key = readBytes(in);
    byte[] value = readBytes(in);
    return new OutRecord(key, value, in.readUTF());
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
  public OutRecord deserialize(OutRecord reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    serialize(deserialize(in), out);
  }

  @Override
  public OutRecord copy(OutRecord from) {
    return from;
  }

  @Override
  public OutRecord copy(OutRecord from, OutRecord reuse) {
    return from;
  }

  @Override
  public OutRecord createInstance() {
    return new OutRecord(new byte[0], null, "");
  }

  @Override
  public boolean isImmutableType() {
    return true;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public TypeSerializer<OutRecord> duplicate() {
    return this;
  }

  @Override
  public TypeSerializerSnapshot<OutRecord> snapshotConfiguration() {
    return new OutRecordSerializerSnapshot();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OutRecordSerializer;
  }

  @Override
  public int hashCode() {
    return OutRecordSerializer.class.hashCode();
  }
}
