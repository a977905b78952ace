package io.millrace.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Doubles to and from {@link Tensor}: little-endian elements, row-major. A tensor may hold some
 * rows only, a row being the elements of one index of the first dimension; the others are 0.
 */
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
    return new Tensor(name, dtype, dims, bytes(data, dtype), null);
  }

  /**
   * A tensor of doubles of which some rows are given and all others are 0: as these rows or as a
   * whole, whichever takes fewer bytes.
   *
   * @param rows ascending indices of the first dimension
   * @param data the rows one after the other; not kept
   * @param dtype F32 (rounded to nearest) or F64
   */
  public static Tensor ofRows(String name, int[] shape, int[] rows, double[] data, DType dtype) {
    List<Integer> dims = new ArrayList<>(shape.length);
    for (int d : shape) {
      dims.add(d);
    }
    long all = elements(dims);
    int stride = shape.length == 0 || shape[0] == 0 ? 0 : (int) (all / shape[0]);
    if (all < 0 || (long) rows.length * stride != data.length) {
      throw new IllegalStateException(
          rows.length + " rows of tensor '" + name + "' of shape " + dims + " have " + data.length);
    }
    if ((long) rows.length * Integer.BYTES + (long) data.length * elementBytes(dtype)
        >= all * elementBytes(dtype)) {
      return of(name, shape, expand((int) all, stride, rows, data), dtype);
    }
    ByteBuffer given =
        ByteBuffer.allocate(rows.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    given.asIntBuffer().put(rows);
    return new Tensor(name, dtype, dims, bytes(data, dtype), given.order(ByteOrder.BIG_ENDIAN));
  }

  private static double[] expand(int size, int stride, int[] rows, double[] data) {
    double[] all = new double[size];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(data, i * stride, all, rows[i] * stride, stride);
    }
    return all;
  }

  private static ByteBuffer bytes(double[] data, DType dtype) {
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
    return bytes.flip().order(ByteOrder.BIG_ENDIAN);
  }

  /**
   * Which rows a tensor holds, ascending.
   *
   * @return null: all
   * @throws DecodeException MALFORMED if they are no ascending rows of its shape
   */
  public static int[] rows(Tensor tensor) throws DecodeException {
    return tensor.getRows() == null
        ? null
        : rows(tensor.getName(), tensor.getShape(), tensor.getRows());
  }

  /** Rows of a tensor of a name and a shape, as {@link #rows(Tensor)}. */
  static int[] rows(String name, List<Integer> shape, ByteBuffer given) throws DecodeException {
    ByteBuffer bytes = given.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int[] rows = new int[bytes.remaining() / Integer.BYTES];
    bytes.asIntBuffer().get(rows);
    boolean fine = bytes.remaining() % Integer.BYTES == 0 && !shape.isEmpty();
    for (int i = 0; i < rows.length && fine; i++) {
      fine = rows[i] > (i == 0 ? -1 : rows[i - 1]) && rows[i] < shape.get(0);
    }
    if (!fine) {
      throw new DecodeException(
          Reason.MALFORMED,
          "tensor '"
              + name
              + "' of shape "
              + shape
              + " holds rows that are not ascending indices of its first dimension");
    }
    return rows;
  }

  /** Number of elements of a tensor's shape; -1: negative, or more than an array can hold. */
  public static long size(Tensor tensor) {
    return elements(tensor.getShape());
  }

  /**
   * All elements of a tensor of any known type, as doubles: those of rows that it does not hold are
   * 0.
   *
   * @throws DecodeException MALFORMED if length and shape disagree or the type is not known
   */
  public static double[] doubles(Tensor tensor) throws DecodeException {
    int[] rows = rows(tensor);
    double[] held = held(tensor);
    if (rows == null) {
      return held;
    }
    int stride = rows.length == 0 ? 0 : held.length / rows.length;
    return expand((int) elements(tensor.getShape()), stride, rows, held);
  }

  /**
   * The elements that a tensor of any known type holds, as doubles: of all its rows, or of {@link
   * #rows} one after the other.
   *
   * @throws DecodeException MALFORMED if length and shape disagree or the type is not known
   */
  public static double[] held(Tensor tensor) throws DecodeException {
    int size = elementBytes(tensor.getDtype());
    long n = elements(tensor.getShape());
    if (n > 0 && tensor.getRows() != null) {
      n = n / tensor.getShape().get(0) * (tensor.getRows().remaining() / Integer.BYTES);
    }
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

  static int elementBytes(DType dtype) {
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
