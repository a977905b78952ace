package io.millrace.core.state;

import io.millrace.core.ConfigException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names, types and lengths of the blocks that an algorithm keeps per key, in declaration order.
 * Immutable; one object serves all keys of a job.
 */
public final class StateSchema {
  /** What the elements of a block are. */
  public enum Type {
    /** 64-bit floats: what algorithms compute in. */
    DOUBLES("doubles", Double.BYTES),

    /** 32-bit floats: state of a backend that computes in them. */
    FLOATS("floats", Float.BYTES),

    LONGS("longs", Long.BYTES),

    /** Bytes of any number, which may be another one at any time. */
    BYTES("bytes", 1),

    /** A {@link CoordinateTable}: doubles for each of any number of coordinates. */
    TABLE("doubles for each coordinate", Double.BYTES);

    private final String word;
    private final int bytes;

    Type(String word, int bytes) {
      this.word = word;
      this.bytes = bytes;
    }

    /** Name in messages. */
    public String word() {
      return word;
    }

    /** Of one element. */
    public int bytes() {
      return bytes;
    }

    /** Whether a block has as many elements as its key needs, not as its schema says. */
    public boolean grows() {
      return this == BYTES || this == TABLE;
    }
  }

  private record Block(String name, Type type, int length) {
    double bytes() {
      return type.grows() ? 0 : (double) length * type.bytes;
    }

    @Override
    public String toString() {
      return type == Type.BYTES
          ? name + " bytes"
          : name + " " + length + (type == Type.DOUBLES ? "" : " " + type.word());
    }
  }

  /** Most bytes per key over all blocks of a fixed length: what one state record can hold. */
  public static final long MAX_BYTES = (1L << 31) - 8192;

  private final Block[] blocks;
  private final boolean doublesOnly;

  private StateSchema(List<Block> blocks) {
    this.blocks = blocks.toArray(Block[]::new);
    this.doublesOnly = blocks.stream().allMatch(b -> b.type == Type.DOUBLES);
  }

  /** What is said of a state that has more than {@link #MAX_BYTES}. */
  public static String tooLarge(double bytes) {
    return String.format(
        Locale.ROOT, "the state of a key has %.0f bytes; at most %d", bytes, MAX_BYTES);
  }

  /** Number of blocks. */
  public int size() {
    return blocks.length;
  }

  /** Name of block {@code i}. */
  public String name(int i) {
    return blocks[i].name;
  }

  /** Type of block {@code i}. */
  public Type type(int i) {
    return blocks[i].type;
  }

  /**
   * Number of elements of block {@code i}; 0 for {@link Type#BYTES}, which may have any; of a
   * {@link Type#TABLE} that of a record.
   */
  public int length(int i) {
    return blocks[i].length;
  }

  /** Whether all blocks are {@link Type#DOUBLES}. */
  boolean doublesOnly() {
    return doublesOnly;
  }

  /**
   * Position of a block, or -1. A scan: schemas are short and names are interned literals, so this
   * is a handful of pointer comparisons.
   */
  public int indexOf(String name) {
    for (int i = 0; i < blocks.length; i++) {
      if (blocks[i].name == name) {
        return i;
      }
    }
    for (int i = 0; i < blocks.length; i++) {
      if (blocks[i].name.equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Bytes per key over all blocks of a fixed length. */
  public long totalBytes() {
    long sum = 0;
    for (Block b : blocks) {
      sum += (long) b.bytes();
    }
    return sum;
  }

  /**
   * Bytes that a key may be expected to take: those of blocks of a fixed length, and of tables
   * {@link CoordinateTable#USUAL_COUNT} coordinates.
   */
  public long expectedBytes() {
    long sum = totalBytes();
    for (Block b : blocks) {
      if (b.type == Type.TABLE) {
        sum += CoordinateTable.bytes(CoordinateTable.USUAL_COUNT, b.length);
      }
    }
    return sum;
  }

  /** Whether names, types and lengths are the same, in the same order. */
  @Override
  public boolean equals(Object o) {
    return o instanceof StateSchema other && Arrays.equals(blocks, other.blocks);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(blocks);
  }

  /** Names, lengths and types, for messages. */
  @Override
  public String toString() {
    return Arrays.toString(blocks);
  }

  /** Collects declarations. */
  public static final class Builder {
    private final List<Block> blocks = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private double bytes;

    /**
     * Declares a block of doubles, filled with zeros at the start.
     *
     * @param name unique within the schema
     * @param length at least 0
     */
    public Builder block(String name, long length) {
      return block(name, Type.DOUBLES, length);
    }

    /** Declares a block of bytes, empty at the start. */
    public Builder bytes(String name) {
      return block(name, Type.BYTES, 0);
    }

    /**
     * Declares a table of coordinates, empty at the start.
     *
     * @param width doubles for each coordinate, at least 1
     */
    public Builder table(String name, int width) {
      return block(name, Type.TABLE, width);
    }

    /**
     * Declares a block, filled with zeros at the start.
     *
     * @param name unique within the schema
     * @param length at least 0; 0 for {@link Type#BYTES}; doubles of a record of a {@link
     *     Type#TABLE}, at least 1
     */
    public Builder block(String name, Type type, long length) {
      if (length < 0 || type == Type.BYTES && length > 0) {
        throw new IllegalStateException(
            "block '"
                + name
                + "': length "
                + length
                + (length < 0 ? ", must be at least 0" : ", must be 0 of bytes, which vary"));
      }
      if (type == Type.TABLE && length < 1) {
        throw new IllegalStateException(
            "block '" + name + "': records of " + length + " numbers, must have at least 1");
      }
      if (!seen.add(name)) {
        throw new IllegalStateException("block '" + name + "' declared twice");
      }
      // Of more than a schema may have only the bytes matter: it is never built.
      bytes += type.grows() ? 0 : (double) length * type.bytes;
      blocks.add(new Block(name.intern(), type, (int) Math.min(length, Integer.MAX_VALUE)));
      return this;
    }

    /** How many blocks were declared. */
    public int count() {
      return blocks.size();
    }

    /** Bytes per key of what was declared; may be far more than can be kept. */
    public double totalBytes() {
      return bytes;
    }

    /**
     * The schema.
     *
     * @throws ConfigException where the blocks have more than {@link #MAX_BYTES}
     */
    public StateSchema build() {
      if (bytes > MAX_BYTES) {
        throw new ConfigException(tooLarge(bytes));
      }
      return new StateSchema(blocks);
    }
  }
}
