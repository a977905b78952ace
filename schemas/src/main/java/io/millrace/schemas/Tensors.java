package io.millrace.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Doubles to and from {@link Tensor}: little-endian elements, row-major. */
public final class Tensors {
  private Tensors() {}

  /**
   * A tensor of doubles.
   *
   * @param shape empty: a scalar
   * @param data row-major, as long as the product of {@code shape}; not kept
   * @param dtype F32 (rounded to nearest) or F64
   */
  public static Tensor of(String name, int[] shape, double[] data, DType dtype) {
    List<Integer> dims = new ArrayList<>(shape.length);
    for (int d : shape) {
      dims.add(d);
    }
    if (elements(dims) != data.length) {
      throw new IllegalStateException(
          "tensor '" + name + "' of shape " + dims + " has " + data.length + " elements");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(data.length, elementBytes(dtype)))
            .order(ByteOrder.LITTLE_ENDIAN);
    switch (dtype) {
      case F32 -> {
        for (double v : data) {
          bytes.putFloat((float) v);
        }
      }
      case F64 -> {
        for (double v : data) {
          bytes.putDouble(v);
        }
      }
      default -> throw new IllegalStateException("doubles as " + dtype + "; must be F32 or F64");
    }
    return new Tensor(name, dtype, dims, bytes.flip().order(ByteOrder.BIG_ENDIAN));
  }

  /**
   * The elements of a tensor of any known type, as doubles.
   *
   * @throws DecodeException MALFORMED if length and shape disagree or the type is not known
   */
  public static double[] doubles(Tensor tensor) throws DecodeException {
    int size = elementBytes(tensor.getDtype());
    long n = elements(tensor.getShape());
    ByteBuffer bytes = tensor.getData().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (size == 0 || n < 0 || n * size != bytes.remaining()) {
      throw new DecodeException(
          Reason.MALFORMED,
          "tensor '"
              + tensor.getName()
              + "' of type "
              + tensor.getDtype()
              + " and shape "
              + tensor.getShape()
              + " has "
              + bytes.remaining()
              + " bytes");
    }
    double[] out = new double[(int) n];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          switch (tensor.getDtype()) {
            case F32 -> bytes.getFloat();
            case F64 -> bytes.getDouble();
            case I32 -> bytes.getInt();
            case I64 -> bytes.getLong();
            case U8 -> bytes.get() & 0xff;
            case UNKNOWN -> throw new IllegalStateException("has no elements");
          };
    }
    return out;
  }

  /** Number of elements that a tensor's bytes hold; 0 for a type that is not known. */
  public static long elements(Tensor tensor) {
    int size = elementBytes(tensor.getDtype());
    return size == 0 ? 0 : tensor.getData().remaining() / size;
  }

  /** Whether every element is finite. */
  public static boolean finite(Tensor tensor) {
    ByteBuffer bytes = tensor.getData().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    switch (tensor.getDtype()) {
      case F32 -> {
        while (bytes.remaining() >= Float.BYTES) {
          if (!Float.isFinite(bytes.getFloat())) {
            return false;
          }
        }
      }
      case F64 -> {
        while (bytes.remaining() >= Double.BYTES) {
          if (!Double.isFinite(bytes.getDouble())) {
            return false;
          }
        }
      }
      default -> {
        // whole numbers
      }
    }
    return true;
  }

  /** The shape as an array. */
  public static int[] shape(Tensor tensor) {
    return tensor.getShape().stream().mapToInt(Integer::intValue).toArray();
  }

  private static int elementBytes(DType dtype) {
    return switch (dtype) {
      case F32, I32 -> 4;
      case F64, I64 -> 8;
      case U8 -> 1;
      case UNKNOWN -> 0;
    };
  }

  /** Product of a shape; -1: negative, or more than an array can hold. */
  private static long elements(List<Integer> shape) {
    long n = 1;
    for (int d : shape) {
      n *= d;
      if (d < 0 || n > Integer.MAX_VALUE) {
        return -1;
      }
    }
    return n;
  }
}
