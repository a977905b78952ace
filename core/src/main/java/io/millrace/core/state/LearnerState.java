package io.millrace.core.state;

import java.lang.reflect.Array;

/**
 * What one key has learned: named blocks of numbers and the number of steps taken. Owned by whoever
 * holds it (a Flink state backend, a test); algorithms keep no reference to it. Not thread-safe.
 */
public final class LearnerState {
  private static final byte[] NONE = {};

  private final StateSchema schema;

  /** Arrays of the schema's blocks of doubles; null where a block is of another type. */
  private final double[][] blocks;

  /** Arrays of the blocks of other types, at their places; null: there are none. */
  private final Object[] others;

  /** Block 0: one load less on the way to the parameters of a key that no cache holds. */
  private final double[] first;

  private long steps;
  private int version;

  /** A fresh state: all zeros, no steps. */
  public LearnerState(StateSchema schema) {
    this(schema, zeros(schema));
  }

  private LearnerState(StateSchema schema, Object[] arrays) {
    this.schema = schema;
    this.blocks = new double[arrays.length][];
    this.others = schema.doublesOnly() ? null : new Object[arrays.length];
    for (int i = 0; i < arrays.length; i++) {
      if (schema.type(i) == StateSchema.Type.DOUBLES) {
        blocks[i] = (double[]) arrays[i];
      } else {
        others[i] = arrays[i];
      }
    }
    first = blocks.length == 0 ? null : blocks[0];
  }

  private static Object[] zeros(StateSchema schema) {
    Object[] arrays = new Object[schema.size()];
    for (int i = 0; i < arrays.length; i++) {
      int n = schema.length(i);
      arrays[i] =
          switch (schema.type(i)) {
            case DOUBLES -> new double[n];
            case FLOATS -> new float[n];
            case LONGS -> new long[n];
            case BYTES -> NONE;
            case TABLE -> new CoordinateTable(n);
          };
    }
    return arrays;
  }

  /**
   * A state over given blocks, no steps.
   *
   * @param arrays primitive arrays, and tables, in the order and of the types and lengths of {@code
   *     schema}; kept
   * @throws IllegalStateException if they do not fit
   */
  public static LearnerState of(StateSchema schema, Object... arrays) {
    if (arrays.length != schema.size()) {
      throw new IllegalStateException(
          arrays.length + " blocks for a schema of " + schema.size() + " blocks");
    }
    for (int i = 0; i < arrays.length; i++) {
      int length = arrays[i] instanceof CoordinateTable t ? t.width() : Array.getLength(arrays[i]);
      if (schema.type(i) != StateSchema.Type.BYTES && length != schema.length(i)) {
        throw new IllegalStateException(
            "block '"
                + schema.name(i)
                + "' has "
                + length
                + " elements, its schema "
                + schema.length(i));
      }
    }
    return new LearnerState(schema, arrays);
  }

  public StateSchema schema() {
    return schema;
  }

  /**
   * The live array of a block of doubles: writing to it changes the state.
   *
   * @throws IllegalStateException if the schema has no such block
   */
  public double[] block(String name) {
    return doubles(indexOf(name));
  }

  /** The live array of block {@code i} of the schema, which is one of doubles. */
  public double[] block(int i) {
    return i == 0 ? first : blocks[i];
  }

  private double[] doubles(int i) {
    require(i, StateSchema.Type.DOUBLES);
    return blocks[i];
  }

  /** The live array of a block of floats. */
  public float[] floats(String name) {
    return (float[]) other(indexOf(name), StateSchema.Type.FLOATS);
  }

  /** The live array of a block of longs. */
  public long[] longs(String name) {
    return (long[]) other(indexOf(name), StateSchema.Type.LONGS);
  }

  /** The live array of a block of bytes. */
  public byte[] bytes(String name) {
    return (byte[]) other(indexOf(name), StateSchema.Type.BYTES);
  }

  /** Puts other bytes into a block of bytes; the array is kept. */
  public void setBytes(String name, byte[] value) {
    int i = indexOf(name);
    require(i, StateSchema.Type.BYTES);
    others[i] = value;
  }

  /** The live table of a block. */
  public CoordinateTable table(String name) {
    return (CoordinateTable) other(indexOf(name), StateSchema.Type.TABLE);
  }

  /** The live table of block {@code i} of the schema, which is one. */
  public CoordinateTable table(int i) {
    return (CoordinateTable) others[i];
  }

  /**
   * Takes copies of the first blocks of a state, whose types and lengths are these, and its steps.
   */
  public void copyFirst(LearnerState from, int count) {
    for (int i = 0; i < count; i++) {
      require(i, from.schema.type(i));
      if (blocks[i] != null) {
        System.arraycopy(from.blocks[i], 0, blocks[i], 0, from.blocks[i].length);
      } else {
        others[i] = copy(from.schema.type(i), from.others[i]);
      }
    }
    steps = from.steps;
  }

  /** The live array of block {@code i}, whatever its type. */
  Object array(int i) {
    return blocks[i] != null ? blocks[i] : others[i];
  }

  private Object other(int i, StateSchema.Type type) {
    require(i, type);
    return others[i];
  }

  private int indexOf(String name) {
    int i = schema.indexOf(name);
    if (i < 0) {
      throw new IllegalStateException("no block '" + name + "' was declared");
    }
    return i;
  }

  private void require(int i, StateSchema.Type type) {
    if (schema.type(i) != type) {
      throw new IllegalStateException(
          "block '"
              + schema.name(i)
              + "' holds "
              + schema.type(i).word()
              + ", "
              + type.word()
              + " were asked for");
    }
  }

  /** Bytes of all blocks. */
  public long bytes() {
    long sum = 0;
    for (int i = 0; i < schema.size(); i++) {
      sum +=
          array(i) instanceof CoordinateTable t
              ? t.bytes()
              : (long) Array.getLength(array(i)) * schema.type(i).bytes();
    }
    return sum;
  }

  /** Optimizer steps taken. */
  public long steps() {
    return steps;
  }

  public void setSteps(long steps) {
    this.steps = steps;
  }

  /** Version of the algorithm that the blocks are those of. */
  public int version() {
    return version;
  }

  public void setVersion(int version) {
    this.version = version;
  }

  /** The same numbers, steps and version under an equal schema; the arrays are shared. */
  public LearnerState under(StateSchema equal) {
    if (!equal.equals(schema)) {
      throw new IllegalStateException("blocks " + schema + " are not " + equal);
    }
    Object[] arrays = new Object[schema.size()];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = array(i);
    }
    LearnerState same = new LearnerState(equal, arrays);
    same.steps = steps;
    same.version = version;
    return same;
  }

  /** A deep copy. */
  public LearnerState copy() {
    Object[] arrays = new Object[schema.size()];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = copy(schema.type(i), array(i));
    }
    LearnerState copy = new LearnerState(schema, arrays);
    copy.steps = steps;
    copy.version = version;
    return copy;
  }

  private static Object copy(StateSchema.Type type, Object array) {
    return switch (type) {
      case DOUBLES -> ((double[]) array).clone();
      case FLOATS -> ((float[]) array).clone();
      case LONGS -> ((long[]) array).clone();
      case BYTES -> ((byte[]) array).clone();
      case TABLE -> ((CoordinateTable) array).copy();
    };
  }
}
