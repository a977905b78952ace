package io.millrace.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Doubles to and from fields of bytes: little-endian, one behind the other. */
public final class DoubleBytes {
  private DoubleBytes() {}

  /**
   * As a field.
   *
   * @param values not kept
   */
  public static ByteBuffer of(double[] values) {
    return of(values, values.length);
  }

  /** The first so many as a field. */
  public static ByteBuffer of(double[] values, int count) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(count, Double.BYTES));
    bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values, 0, count);
    return bytes.order(ByteOrder.BIG_ENDIAN);
  }

  /** How many there are; -1: the bytes are no whole number of doubles. */
  public static int count(ByteBuffer field) {
    return field.remaining() % Double.BYTES == 0 ? field.remaining() / Double.BYTES : -1;
  }

  /**
   * From a field, which is not moved.
   *
   * @param out written from 0; must have room for {@link #count}
   */
  public static void read(ByteBuffer field, double[] out) {
    field
        .duplicate()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asDoubleBuffer()
        .get(out, 0, field.remaining() / Double.BYTES);
  }

  /** From a field, which is not moved; {@link #count} must not be negative. */
  public static double[] read(ByteBuffer field) {
    double[] out = new double[field.remaining() / Double.BYTES];
    read(field, out);
    return out;
  }
}
