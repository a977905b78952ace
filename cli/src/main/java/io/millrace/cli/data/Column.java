package io.millrace.cli.data;

import java.util.List;

/**
 * A column of a table and what becomes of it.
 *
 * @param name from the header, or the JSON field's name
 * @param role what its cells are
 * @param log its numbers are replaced by {@code sign(v) ln(1 + |v|)}
 * @param offset first coordinate in a dense or sparse vector; -1 where it has none
 * @param categories values of a one-hot or nominal column, in order of first appearance
 */
public record Column(String name, Role role, boolean log, int offset, List<String> categories) {
  /** What the cells of a column are. */
  public enum Role {
    LABEL,
    KEY,
    ID,
    EVENT_TIME,
    WEIGHT,
    IGNORED,
    NUMBER,
    CATEGORY,
    ONE_HOT,
    NOMINAL
  }

  public Column {
    categories = List.copyOf(categories);
  }
}
