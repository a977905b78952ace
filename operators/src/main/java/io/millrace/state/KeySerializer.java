package io.millrace.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Keys in state: u16 length, then UTF-8, read in one go. Flink's own serializer of strings reads
 * byte by byte, which is most of the time of a restore with many keys.
 */
public final class KeySerializer extends StateSerializer<String> {
  /** Longest key in UTF-8. */
  public static final int MAX_BYTES = 0xffff;

  private static final long serialVersionUID = 1;

  /** Type of the keys that streams are keyed by. */
  public static final TypeInformation<String> TYPE =
      new SerializedType<>(String.class, new KeySerializer());

  private transient byte[] scratch;

  @Override
  public void serialize(String key, DataOutputView out) throws IOException {
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > MAX_BYTES) {
      throw new IllegalStateException("key of " + utf8.length + " bytes; at most " + MAX_BYTES);
    }
    out.writeShort(utf8.length);
    out.write(utf8);
  }

  @Override
  public String deserialize(DataInputView in) throws IOException {
    int length = in.readUnsignedShort();
    if (scratch == null || scratch.length < length) {
      scratch = new byte[Math.max(256, length)];
    }
    in.readFully(scratch, 0, length);
    return new String(scratch, 0, length, StandardCharsets.UTF_8);
  }

  @Override
  public String createInstance() {
    return "";
  }

  @Override
  public TypeSerializer<String> duplicate() {
    return new KeySerializer();
  }

  @Override
  public TypeSerializerSnapshot<String> snapshotConfiguration() {
    return new KeySerializerSnapshot();
  }
}
