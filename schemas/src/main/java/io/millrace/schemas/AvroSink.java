package io.millrace.schemas;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte array in Avro's binary encoding, reused. Not thread-safe. */
public final class AvroSink {
  private static final VarHandle FLOAT =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle DOUBLE =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MAX_VARINT = 10;

  private byte[] bytes = new byte[256];
  private int size;

  /** Forgets what was written, keeps the array. */
  public AvroSink clear() {
    size = 0;
    return this;
  }

  /** Bytes written. */
  public int size() {
    return size;
  }

  /** Live array; the first {@link #size()} bytes count. Replaced when it grows. */
  public byte[] array() {
    return bytes;
  }

  /** A copy of what was written. */
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void reserve(int n) {
    if (n > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, n), bytes.length * 2));
    }
  }

  /** Marker and fingerprint of single-object encoding. */
  public AvroSink header(long fingerprint) {
    reserve(SingleObject.HEADER_BYTES);
    bytes[size] = SingleObject.MARKER_0;
    bytes[size + 1] = SingleObject.MARKER_1;
    LONG.set(bytes, size + 2, fingerprint);
    size += SingleObject.HEADER_BYTES;
    return this;
  }

  /** A zigzag varint. */
  public AvroSink writeLong(long v) {
    reserve(MAX_VARINT);
    long n = (v << 1) ^ (v >> 63);
    while ((n & ~0x7FL) != 0) {
      bytes[size++] = (byte) (n | 0x80);
      n >>>= 7;
    }
    bytes[size++] = (byte) n;
    return this;
  }

  /** An int, a union's branch, an enum's symbol or a block's count: all are zigzag varints. */
  public AvroSink writeInt(int v) {
    return writeLong(v);
  }

  /** Four bytes, little-endian. */
  public AvroSink writeFloat(float v) {
    reserve(Float.BYTES);
    FLOAT.set(bytes, size, v);
    size += Float.BYTES;
    return this;
  }

  /** Eight bytes, little-endian. */
  public AvroSink writeDouble(double v) {
    reserve(Double.BYTES);
    DOUBLE.set(bytes, size, v);
    size += Double.BYTES;
    return this;
  }

  /** An array of floats as one block. */
  public AvroSink writeFloats(float[] v) {
    if (v.length > 0) {
      writeLong(v.length);
      reserve(Math.multiplyExact(v.length, Float.BYTES));
      for (int i = 0; i < v.length; i++) {
        FLOAT.set(bytes, size + i * Float.BYTES, v[i]);
      }
      size += v.length * Float.BYTES;
    }
    return writeLong(0);
  }

  /** An array of doubles as one block. */
  public AvroSink writeDoubles(double[] v) {
    if (v.length > 0) {
      writeLong(v.length);
      reserve(Math.multiplyExact(v.length, Double.BYTES));
      for (int i = 0; i < v.length; i++) {
        DOUBLE.set(bytes, size + i * Double.BYTES, v[i]);
      }
      size += v.length * Double.BYTES;
    }
    return writeLong(0);
  }

  /**
   * An array of doubles as one block of floats.
   *
   * @param v each is the value of a float
   */
  public AvroSink writeAsFloats(double[] v) {
    if (v.length > 0) {
      writeLong(v.length);
      reserve(Math.multiplyExact(v.length, Float.BYTES));
      for (int i = 0; i < v.length; i++) {
        FLOAT.set(bytes, size + i * Float.BYTES, (float) v[i]);
      }
      size += v.length * Float.BYTES;
    }
    return writeLong(0);
  }

  /** An array of ints as one block. */
  public AvroSink writeInts(int[] v) {
    if (v.length > 0) {
      writeLong(v.length);
      for (int i : v) {
        writeLong(i);
      }
    }
    return writeLong(0);
  }

  /** Length in UTF-8, then the bytes. */
  public AvroSink writeString(String v) {
    byte[] b = v.getBytes(StandardCharsets.UTF_8);
    return writeBytes(b, 0, b.length);
  }

  /** Length, then the bytes. */
  public AvroSink writeBytes(byte[] b, int from, int length) {
    writeLong(length);
    return append(b, from, length);
  }

  /** Bytes as they are: something already encoded. */
  public AvroSink append(byte[] b, int from, int length) {
    reserve(length);
    System.arraycopy(b, from, bytes, size, length);
    size += length;
    return this;
  }
}
