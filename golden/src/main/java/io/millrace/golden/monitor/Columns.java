package io.millrace.golden.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/** A table of a golden file whose rows are those of some events, in order; null has no meaning. */
final class Columns {
  private final JsonNode rows;
  private final int width;
  private int next;
  private JsonNode current;

  /**
   * @param columns that the replay knows; the file must have just these
   */
  Columns(JsonNode expected, String... columns) {
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
  JsonNode at(int t) {
    if (next == rows.size()) {
      return null;
    }
    JsonNode row = rows.get(next);
    if (!row.isArray() || row.size() != width) {
      throw new MalformedGolden("row " + next + " has " + row.size() + " entries, not " + width);
    }
    if (Fields.integer("rows[" + next + "][0]", row.get(0), 0, Integer.MAX_VALUE) != t) {
      return null;
    }
    next++;
    current = row;
    return row;
  }

  /** Compares an entry of the row at hand. */
  void compare(String where, int column, double actual, Tally tally) {
    JsonNode v = current.get(column);
    tally.compare(
        where + "[" + column + "]", v.isNull() ? Double.NaN : Fields.number(where, v), actual);
  }

  /** Says that the run is over: a row that no event has asked for is a fault of the file. */
  void end() {
    if (next < rows.size()) {
      throw new MalformedGolden("row " + next + " is out of order, or of no event");
    }
  }
}
