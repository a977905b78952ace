package io.millrace.cli.data;

import io.millrace.core.features.InputSpec;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a file holds, found by {@link DataScan} in a first pass.
 *
 * @param options what was asked for
 * @param kind how features come out
 * @param dimension coordinates of a dense or sparse vector; 0 where named
 * @param columns of a table; empty for LIBSVM
 * @param classes class names in order of their index; empty where labels are numbers or absent
 * @param rows rows in the file
 * @param names different named features, numbers and values of words; a bound from above, counted
 *     up to {@link DataScan#MAX_NAMES}
 * @param notes what was guessed and could have been meant otherwise, a sentence each
 */
public record DataSchema(
    DataOptions options,
    InputSpec.Kind kind,
    int dimension,
    List<Column> columns,
    List<String> classes,
    long rows,
    int names,
    List<String> notes) {
  private static final int MIN_HASH_BITS = 8;

  public DataSchema {
    columns = List.copyOf(columns);
    classes = List.copyOf(classes);
    notes = List.copyOf(notes);
  }

  /** Number of values of the coordinates that are nominal, by place; two at least. */
  public SortedMap<Integer, Integer> nominal() {
    SortedMap<Integer, Integer> all = new TreeMap<>();
    for (Column c : columns) {
      if (c.role() == Column.Role.NOMINAL) {
        all.put(c.offset(), Math.max(2, c.categories().size()));
      }
    }
    return all;
  }

  /**
   * Names of the coordinates of a dense or sparse vector of a table: the column's, of a one-hot one
   * with the value. Empty where there are none.
   */
  public List<String> coordinateNames() {
    if (columns.isEmpty() || kind == InputSpec.Kind.NAMED) {
      return List.of();
    }
    String[] names = new String[dimension];
    Arrays.setAll(names, i -> "x" + i);
    for (Column c : columns) {
      switch (c.role()) {
        case NUMBER, NOMINAL -> names[c.offset()] = c.name();
        case ONE_HOT -> {
          for (int v = 0; v < c.categories().size(); v++) {
            names[c.offset() + v] = c.name() + "=" + c.categories().get(v);
          }
        }
        default -> {} // no coordinate
      }
    }
    return List.of(names);
  }

  /**
   * Bits of the hash that suit the names in the file: 16 coordinates to a name, so that few share
   * one, and no more, since a key keeps numbers for every coordinate.
   */
  public int hashBits() {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(16 * Math.max(1, names) - 1);
    return Math.max(MIN_HASH_BITS, bits);
  }
}
