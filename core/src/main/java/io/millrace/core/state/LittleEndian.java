package io.millrace.core.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Numbers in an array of bytes, little-endian on every machine: for algorithms whose state grows
 * and therefore lies in a block of bytes. Positions are in bytes and need no alignment.
 */
public final class LittleEndian {
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);
  private static final VarHandle DOUBLE = view(double[].class);

  private LittleEndian() {}

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  public static int getInt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  public static void putInt(byte[] bytes, int at, int v) {
    INT.set(bytes, at, v);
  }

  public static long getLong(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  public static void putLong(byte[] bytes, int at, long v) {
    LONG.set(bytes, at, v);
  }

  public static double getDouble(byte[] bytes, int at) {
    return (double) DOUBLE.get(bytes, at);
  }

  public static void putDouble(byte[] bytes, int at, double v) {
    DOUBLE.set(bytes, at, v);
  }

  /** Adds to the double at a position. */
  public static void addDouble(byte[] bytes, int at, double v) {
    DOUBLE.set(bytes, at, (double) DOUBLE.get(bytes, at) + v);
  }
}
