package io.millrace.schemas;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.Schema;

/**
 * A total reader of Avro's binary encoding over a byte array: no input makes it throw or allocate
 * more than the input's length. The first fault sticks: from then on {@link #failed} is true, the
 * cursor stands at its end and every read gives 0 or an empty slice. So a decoder reads on and asks
 * once at the end; loops over blocks end because {@link #readBlock} gives 0.
 *
 * <p>Arrays and maps come in blocks: {@code for (int n; (n = c.readBlock(min)) > 0; )} with n items
 * in each; a negative count with the block's length in bytes is understood. Not thread-safe.
 */
public final class AvroCursor {
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle DOUBLE =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
  private static final byte[] NONE = {};

  private byte[] bytes = NONE;
  private int position;
  private int end;
  private int sliceOffset;
  private boolean failed;

  /**
   * Starts over on other bytes.
   *
   * @param b kept, not modified
   * @param from first byte
   * @param to one past the last byte
   */
  public AvroCursor reset(byte[] b, int from, int to) {
    if (from < 0 || to < from || to > b.length) {
      throw new IllegalStateException(
          "cursor over [" + from + ", " + to + ") of " + b.length + " bytes");
    }
    bytes = b;
    position = from;
    end = to;
    sliceOffset = from;
    failed = false;
    return this;
  }

  /** Whether anything could not be read. */
  public boolean failed() {
    return failed;
  }

  /** Gives up: for a decoder that finds a value it cannot accept. */
  public void fail() {
    failed = true;
    position = end;
  }

  /** Next byte to read. */
  public int position() {
    return position;
  }

  /** Bytes left. */
  public int remaining() {
    return end - position;
  }

  /** The array under the cursor, for slices. */
  public byte[] bytes() {
    return bytes;
  }

  /** A byte that is 0 or 1. */
  public boolean readBoolean() {
    if (position >= end) {
      fail();
      return false;
    }
    int b = bytes[position++];
    if ((b & ~1) != 0) {
      fail();
      return false;
    }
    return b == 1;
  }

  /** A zigzag varint of at most 32 bits. */
  public int readInt() {
    if (position < end) {
      int b = bytes[position];
      if (b >= 0) {
        position++;
        return (b >>> 1) ^ -(b & 1);
      }
    }
    return slowInt();
  }

  private int slowInt() {
    long n = slowVarint(5);
    if ((n & 0xFFFFFFFF_00000000L) != 0) {
      fail();
      return 0;
    }
    int i = (int) n;
    return (i >>> 1) ^ -(i & 1);
  }

  /** A zigzag varint of at most 64 bits. */
  public long readLong() {
    if (position < end) {
      int b = bytes[position];
      if (b >= 0) {
        position++;
        return (b >>> 1) ^ -(b & 1);
      }
    }
    long n = slowVarint(10);
    return (n >>> 1) ^ -(n & 1);
  }

  private long slowVarint(int most) {
    long n = 0;
    int p = position;
    for (int i = 0; i < most && p < end; i++) {
      long b = bytes[p++];
      n |= (b & 0x7F) << (7 * i);
      if (b >= 0) {
        if (i == 9 && b > 1) { // bits beyond 64
          break;
        }
        position = p;
        return n;
      }
    }
    fail();
    return 0;
  }

  /** Four bytes, little-endian. */
  public float readFloat() {
    if (remaining() < Float.BYTES) {
      fail();
      return 0;
    }
    float v = (float) FLOAT.get(bytes, position);
    position += Float.BYTES;
    return v;
  }

  /** Eight bytes, little-endian. */
  public double readDouble() {
    if (remaining() < Double.BYTES) {
      fail();
      return 0;
    }
    double v = (double) DOUBLE.get(bytes, position);
    position += Double.BYTES;
    return v;
  }

  /**
   * Floats, one behind the other as in a block of an array, widened.
   *
   * @param out written from {@code at}; must have room
   */
  public void readFloats(int n, double[] out, int at) {
    if (n < 0 || n > remaining() / Float.BYTES) {
      fail();
      return;
    }
    byte[] b = bytes;
    int p = position;
    for (int i = 0; i < n; i++) {
      out[at + i] = (float) FLOAT.get(b, p + i * Float.BYTES);
    }
    position = p + n * Float.BYTES;
  }

  /**
   * Floats, one behind the other as in a block of an array.
   *
   * @param out written from {@code at}; must have room
   */
  public void readFloats(int n, float[] out, int at) {
    if (n < 0 || n > remaining() / Float.BYTES) {
      fail();
      return;
    }
    byte[] b = bytes;
    int p = position;
    for (int i = 0; i < n; i++) {
      out[at + i] = (float) FLOAT.get(b, p + i * Float.BYTES);
    }
    position = p + n * Float.BYTES;
  }

  /**
   * Doubles, one behind the other as in a block of an array.
   *
   * @param out written from {@code at}; must have room
   */
  public void readDoubles(int n, double[] out, int at) {
    if (n < 0 || n > remaining() / Double.BYTES) {
      fail();
      return;
    }
    byte[] b = bytes;
    int p = position;
    for (int i = 0; i < n; i++) {
      out[at + i] = (double) DOUBLE.get(b, p + i * Double.BYTES);
    }
    position = p + n * Double.BYTES;
  }

  /**
   * Ints, one behind the other as in a block of an array.
   *
   * @param out written from {@code at}; must have room
   */
  public void readInts(int n, int[] out, int at) {
    if (n < 0 || n > remaining()) {
      fail();
      return;
    }
    for (int i = 0; i < n; i++) {
      out[at + i] = readInt();
    }
  }

  /**
   * A union's branch or an enum's symbol.
   *
   * @param n how many there are
   * @return in [0, n); 0 on a fault
   */
  public int readIndex(int n) {
    int i = readInt();
    if (i < 0 || i >= n) {
      fail();
      return 0;
    }
    return i;
  }

  /**
   * Bytes or a string, left where they are: {@link #sliceOffset} says where in {@link #bytes}.
   *
   * @return length
   */
  public int readSlice() {
    long n = readLong();
    if (n < 0 || n > remaining()) {
      fail();
      n = 0;
    }
    sliceOffset = position;
    position += (int) n;
    return (int) n;
  }

  /** Where the last {@link #readSlice} begins. */
  public int sliceOffset() {
    return sliceOffset;
  }

  /** A string; malformed UTF-8 is a fault. */
  public String readString() {
    int n = readSlice();
    if (!StrictUtf8.valid(bytes, sliceOffset, n)) {
      fail();
      return "";
    }
    return n == 0 ? "" : new String(bytes, sliceOffset, n, StandardCharsets.UTF_8);
  }

  /** A copy of bytes. */
  public byte[] readBytes() {
    int n = readSlice();
    return n == 0 ? NONE : Arrays.copyOfRange(bytes, sliceOffset, sliceOffset + n);
  }

  /**
   * Header of a block of an array or map.
   *
   * @param minItemBytes fewest bytes an item takes, at least 1: a count that cannot fit is a fault
   * @return items in the block, 0: no more blocks
   */
  public int readBlock(int minItemBytes) {
    long n = readLong();
    if (n < 0) {
      long size = readLong();
      n = -n; // Long.MIN_VALUE stays negative and is refused below
      if (size < 0 || size > remaining()) {
        fail();
        return 0;
      }
    }
    if (n < 0 || n > remaining() / minItemBytes) {
      fail();
      return 0;
    }
    return (int) n;
  }

  /** Passes over a value of a schema, checking it. */
  public void skip(Schema schema) {
    BodyCheck.skip(this, schema);
  }

  /** Passes over bytes. */
  public void skip(int n) {
    if (n < 0 || n > remaining()) {
      fail();
    } else {
      position += n;
    }
  }
}
