package io.millrace.state;

import io.millrace.operators.journal.ByteCodec;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A serializer around a {@link ByteCodec}: int32 length, then what the codec writes. One per
 * thread, because codecs have buffers.
 */
abstract class CodecSerializer<T> extends StateSerializer<T> {
  private static final long serialVersionUID = 1;
  private static final int KEEP_BYTES = 1 << 20;

  private transient ByteCodec<T> codec;
  private transient byte[] scratch;

  abstract ByteCodec<T> newCodec();

  private ByteCodec<T> codec() {
    if (codec == null) {
      codec = newCodec();
    }
    return codec;
  }

  @Override
  public void serialize(T value, DataOutputView out) throws IOException {
    ByteCodec<T> c = codec();
    int length = c.encode(value);
    out.writeInt(length);
    out.write(c.array(), 0, length);
    if (length > KEEP_BYTES) {
      codec = null; // gives the large array back
    }
  }

  @Override
  public T deserialize(DataInputView in) throws IOException {
    int length = in.readInt();
    return codec().decode(read(in, length), length);
  }

  /** Bytes in an array that is used again, unless it is large. */
  private byte[] read(DataInputView in, int length) throws IOException {
    byte[] bytes = scratch;
    if (bytes == null || bytes.length < length) {
      bytes = new byte[length];
      if (length <= KEEP_BYTES) {
        scratch = bytes;
      }
    }
    in.readFully(bytes, 0, length);
    return bytes;
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    int length = in.readInt();
    byte[] bytes = read(in, length);
    out.writeInt(length);
    out.write(bytes, 0, length);
  }
}
