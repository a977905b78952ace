package io.millrace.core.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;

/**
 * The names and lengths of the blocks of doubles that an algorithm keeps per key, in declaration
 * order. Immutable; one object serves all keys of a job.
 */
public final class StateSchema {
  private final String[] names;
  private final int[] lengths;

  private StateSchema(List<String> names, List<Integer> lengths) {
    this.names = names.toArray(String[]::new);
    this.lengths = lengths.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Number of blocks. */
  public int size() {
    return names.length;
  }

  /** Name of block {@code i}. */
  public String name(int i) {
    return names[i];
  }

  /** Length of block {@code i} in doubles. */
  public int length(int i) {
    return lengths[i];
  }

  /**
   * Position of a block, or -1. A scan: schemas are short and names are interned literals, so this
   * is a handful of pointer comparisons.
   */
  public int indexOf(String name) {
    for (int i = 0; i < names.length; i++) {
      if (names[i] == name) {
        return i;
      }
    }
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Doubles per key over all blocks. */
  public long totalLength() {
    long sum = 0;
    for (int length : lengths) {
      sum += length;
    }
    return sum;
  }

  /** Whether names and lengths are the same, in the same order. */
  @Override
  public boolean equals(Object o) {
    return o instanceof StateSchema other
        && Arrays.equals(names, other.names)
        && Arrays.equals(lengths, other.lengths);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(names) + Arrays.hashCode(lengths);
  }

  /** Names and lengths, for messages. */
  @Override
  public String toString() {
    StringJoiner joined = new StringJoiner(", ", "[", "]");
    for (int i = 0; i < names.length; i++) {
      joined.add(names[i] + " " + lengths[i]);
    }
    return joined.toString();
  }

  /** Collects declarations. */
  public static final class Builder {
    private final List<String> names = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    /**
     * Declares a block, filled with zeros at the start.
     *
     * @param name unique within the schema
     * @param length at least 0
     */
    public Builder block(String name, int length) {
      if (length < 0) {
        throw new IllegalStateException(
            "block '" + name + "': length " + length + ", must be at least 0");
      }
      if (!seen.add(name)) {
        throw new IllegalStateException("block '" + name + "' declared twice");
      }
      names.add(name.intern());
      lengths.add(length);
      return this;
    }

    public StateSchema build() {
      return new StateSchema(names, lengths);
    }
  }
}
