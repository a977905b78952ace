package io.millrace.golden.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A table of a golden file: the names of its columns and, of a long run, some of its rows. Rows are
 * compared in order, each with the event that its first column names; null stands for a number that
 * is not defined.
 */
public final class Columns {
  private final JsonNode rows;
  private final int width;
  private int next;
  private JsonNode current;

  /**
   * A table.
   *
   * @param columns that the replay knows; the file must have just these
   */
  public Columns(JsonNode expected, String... columns) {
    List<String> found =
        StreamSupport.stream(Fields.array(expected, "columns").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    if (!found.equals(Arrays.asList(columns))) {
      throw new UnsupportedGolden("columns " + found + "; known: " + Arrays.toString(columns));
    }
    rows = Fields.array(expected, "rows");
    width = columns.length;
  }

  /** The row of an event if the file has one; null: it has not. */
  public JsonNode at(long event) {
    if (next == rows.size()) {
      return null;
    }
    JsonNode row = rows.get(next);
    if (!row.isArray() || row.size() != width) {
      throw new MalformedGolden("row " + next + " has " + row.size() + " entries, not " + width);
    }
    if (Fields.integer("rows[" + next + "][0]", row.get(0), 0, Integer.MAX_VALUE) != event) {
      return null;
    }
    next++;
    current = row;
    return row;
  }

  /** Compares an entry of the row at hand, which may be null. */
  public void compare(String where, int column, double actual, Tally tally) {
    JsonNode v = current.get(column);
    tally.compare(
        where + "[" + column + "]", v.isNull() ? Double.NaN : Fields.number(where, v), actual);
  }

  /** Compares the numbers of an event's row behind its first, if the file has one. */
  public void compare(long event, Tally tally, double... actual) {
    JsonNode row = at(event);
    if (row != null) {
      for (int i = 0; i < actual.length; i++) {
        String where = "rows[" + (next - 1) + "][" + (i + 1) + "]";
        tally.compare(where, Fields.number(where, row.get(i + 1)), actual[i]);
      }
    }
  }

  /** Says that the run is over: a row that no event has asked for is a fault of the file. */
  public void end() {
    if (next < rows.size()) {
      throw new MalformedGolden("row " + next + " is out of order, or of no event");
    }
  }
}
