package io.millrace.core.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes named blocks: the one byte format of everything that is kept about a key.
 *
 * <pre>
 * int32   format version of what the blocks mean
 * block*  u8 type (1 doubles, 2 longs, 3 bytes, 4 floats, 5 table), u16 length of the name,
 *         the name in UTF-8, int32 number of elements, the elements
 *         of a table: int32 number of coordinates, int32 doubles of a record, the coordinates as
 *         int32, the records in the same order
 * u8 0    end
 * int32   CRC-32C of everything before
 * </pre>
 *
 * All numbers are little-endian. Blocks are found by name, so one that a reader does not know is
 * skipped. The array is reused. Not thread-safe.
 */
public final class BlockWriter {
  static final byte END = 0;

  /** Type of a block of doubles. */
  public static final byte DOUBLES = 1;

  /** Type of a block of longs. */
  public static final byte LONGS = 2;

  /** Type of a block of bytes. */
  public static final byte BYTES = 3;

  /** Type of a block of 32-bit floats. */
  public static final byte FLOATS = 4;

  /** Type of a block of doubles for each of some coordinates. */
  public static final byte TABLE = 5;

  private ByteBuffer out = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);

  /** Starts anew. */
  public BlockWriter begin(int format) {
    out.clear();
    out.putInt(format);
    return this;
  }

  /** A block of doubles; every bit of them is kept. */
  public BlockWriter doubles(String name, double[] values, int count) {
    header(DOUBLES, name, count, (long) count * Double.BYTES);
    out.asDoubleBuffer().put(values, 0, count);
    out.position(out.position() + count * Double.BYTES);
    return this;
  }

  /** A block of 32-bit floats; every bit of them is kept. */
  public BlockWriter floats(String name, float[] values, int count) {
    header(FLOATS, name, count, (long) count * Float.BYTES);
    out.asFloatBuffer().put(values, 0, count);
    out.position(out.position() + count * Float.BYTES);
    return this;
  }

  /** A block of longs. */
  public BlockWriter longs(String name, long[] values, int count) {
    header(LONGS, name, count, (long) count * Long.BYTES);
    out.asLongBuffer().put(values, 0, count);
    out.position(out.position() + count * Long.BYTES);
    return this;
  }

  /** A block of doubles for each of some coordinates. */
  public BlockWriter table(String name, CoordinateTable table) {
    int n = table.count();
    int numbers = n * table.width();
    header(TABLE, name, n, Integer.BYTES + table.bytes());
    out.putInt(table.width());
    out.asIntBuffer().put(table.coordinates(), 0, n);
    out.position(out.position() + n * Integer.BYTES);
    out.asDoubleBuffer().put(table.values(), 0, numbers);
    out.position(out.position() + numbers * Double.BYTES);
    return this;
  }

  /** A block of bytes. */
  public BlockWriter bytes(String name, byte[] values, int count) {
    header(BYTES, name, count, count);
    out.put(values, 0, count);
    return this;
  }

  /** A block of bytes holding text in UTF-8. */
  public BlockWriter text(String name, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return bytes(name, utf8, utf8.length);
  }

  /**
   * Ends the blocks.
   *
   * @return how many bytes of {@link #array()} count
   */
  public int finish() {
    reserve(1 + Integer.BYTES);
    out.put(END);
    CRC32C crc = new CRC32C();
    crc.update(out.array(), 0, out.position());
    out.putInt((int) crc.getValue());
    return out.position();
  }

  /** Live array; replaced when it grows. */
  public byte[] array() {
    return out.array();
  }

  private void header(byte type, String name, int count, long bytes) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > 0xffff) {
      throw new IllegalStateException(
          "name of a block has " + utf8.length + " bytes; at most 65535");
    }
    reserve(1 + Short.BYTES + utf8.length + Integer.BYTES + bytes);
    out.put(type).putShort((short) utf8.length).put(utf8).putInt(count);
  }

  private void reserve(long more) {
    long needed = out.position() + more;
    if (needed > Integer.MAX_VALUE - 16) {
      throw new IllegalStateException(
          "blocks of one key take " + needed + " bytes; at most 2 GiB; use a smaller model");
    }
    if (needed > out.capacity()) {
      int size = (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, 2L * out.capacity()));
      int at = out.position();
      out = ByteBuffer.wrap(Arrays.copyOf(out.array(), size)).order(ByteOrder.LITTLE_ENDIAN);
      out.position(at);
    }
  }
}
