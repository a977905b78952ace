package io.millrace.core.state;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads what {@link BlockWriter} wrote: {@link #open}, then {@link #next} until it is false.
 *
 * <p>Names are kept from one reading to the next, because the blocks of all keys come in the same
 * order. Not thread-safe.
 */
public final class BlockReader {
  private ByteBuffer in;
  private int format;
  private byte type;
  private int count;
  private int payload;
  private int position;
  private byte[][] nameBytes = new byte[8][];
  private String[] names = new String[8];
  private int ordinal;

  /**
   * Starts on an encoding.
   *
   * @param what whose state it is, for messages
   * @throws StateException if the checksum is wrong
   */
  public void open(byte[] bytes, int from, int length, String what) {
    in = ByteBuffer.wrap(bytes, from, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    int body = length - Integer.BYTES;
    CRC32C crc = new CRC32C();
    if (body >= Integer.BYTES) {
      crc.update(bytes, from, body);
    }
    if (body < Integer.BYTES || in.getInt(body) != (int) crc.getValue()) {
      throw new StateException(
          what
              + ": checksum of "
              + length
              + " bytes is wrong; the state is damaged; restore another savepoint");
    }
    in.limit(body);
    format = in.getInt();
    position = Integer.BYTES;
    ordinal = -1;
  }

  /** Format version given to {@link BlockWriter#begin}. */
  public int format() {
    return format;
  }

  /** Moves to the next block; false: there are no more. */
  public boolean next() {
    try {
      in.position(position);
      type = in.get();
      if (type == BlockWriter.END) {
        return false;
      }
      ordinal++;
      readName(in.getShort() & 0xffff);
      count = in.getInt();
      payload = in.position();
      long bytes =
          switch (type) {
            case BlockWriter.DOUBLES -> (long) count * Double.BYTES;
            case BlockWriter.LONGS -> (long) count * Long.BYTES;
            case BlockWriter.FLOATS -> (long) count * Float.BYTES;
            case BlockWriter.BYTES -> count;
            case BlockWriter.TABLE -> tableBytes();
            default ->
                throw new StateException(
                    "block '" + name() + "' has type " + type + "; this build reads 1 to 5");
          };
      if (count < 0 || bytes > in.remaining()) {
        throw new StateException("block '" + name() + "' has " + count + " elements; cut off");
      }
      position = payload + (int) bytes;
      return true;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new StateException("blocks end early; the state is damaged", e);
    }
  }

  /** Name of the block; the same object for the same place and name. */
  public String name() {
    return names[ordinal];
  }

  /** Type of the block, one of the constants of {@link BlockWriter}. */
  public byte type() {
    return type;
  }

  /** Number of elements. */
  public int count() {
    return count;
  }

  /** The doubles of the block. */
  public double[] doubles() {
    require(BlockWriter.DOUBLES);
    double[] values = new double[count];
    in.position(payload);
    in.asDoubleBuffer().get(values);
    return values;
  }

  /**
   * The doubles of the block, written to an array of just their number.
   *
   * @throws StateException if the lengths differ
   */
  public void doubles(double[] into) {
    require(BlockWriter.DOUBLES);
    if (into.length != count) {
      throw new StateException(
          "block '" + name() + "' has " + count + " elements, " + into.length + " expected");
    }
    in.position(payload);
    in.asDoubleBuffer().get(into);
  }

  /** The 32-bit floats of the block. */
  public float[] floats() {
    require(BlockWriter.FLOATS);
    float[] values = new float[count];
    in.position(payload);
    in.asFloatBuffer().get(values);
    return values;
  }

  /** The longs of the block. */
  public long[] longs() {
    require(BlockWriter.LONGS);
    long[] values = new long[count];
    in.position(payload);
    in.asLongBuffer().get(values);
    return values;
  }

  private long tableBytes() {
    int width = in.getInt(payload);
    if (width < 1) {
      throw new StateException("block '" + name() + "' has records of " + width + " numbers");
    }
    return Integer.BYTES + (long) count * (Integer.BYTES + (long) width * Double.BYTES);
  }

  /** The table of the block. */
  public CoordinateTable table() {
    require(BlockWriter.TABLE);
    in.position(payload);
    int width = in.getInt();
    int[] coordinates = new int[count];
    in.asIntBuffer().get(coordinates);
    in.position(in.position() + count * Integer.BYTES);
    double[] values = new double[count * width];
    in.asDoubleBuffer().get(values);
    return CoordinateTable.of(width, coordinates, values);
  }

  /** The bytes of the block. */
  public byte[] bytes() {
    require(BlockWriter.BYTES);
    byte[] values = new byte[count];
    in.position(payload);
    in.get(values);
    return values;
  }

  /** The bytes of the block as text. */
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  private void require(byte expected) {
    if (type != expected) {
      throw new StateException(
          "block '" + name() + "' has type " + type + ", " + expected + " expected");
    }
  }

  private void readName(int length) {
    if (ordinal == names.length) {
      names = Arrays.copyOf(names, 2 * ordinal);
      nameBytes = Arrays.copyOf(nameBytes, 2 * ordinal);
    }
    byte[] known = nameBytes[ordinal];
    int at = in.position();
    if (length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    if (known == null
        || !Arrays.equals(
            known,
            0,
            known.length,
            in.array(),
            in.arrayOffset() + at,
            in.arrayOffset() + at + length)) {
      known = new byte[length];
      in.get(known);
      nameBytes[ordinal] = known;
      names[ordinal] = new String(known, StandardCharsets.UTF_8).intern();
    }
    in.position(at + length);
  }
}
