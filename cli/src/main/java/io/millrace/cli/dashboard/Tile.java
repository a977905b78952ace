package io.millrace.cli.dashboard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One answer of the first screen.
 *
 * @param state which colour and icon it has
 * @param word the state in a word or two
 * @param number the figure that matters most; NaN: there is none
 * @param unit of it
 * @param lines the other figures, in sentences
 * @param todo what to do; empty: nothing
 * @param course of the figure in the last ten minutes, the oldest first
 */
record Tile(
    String title,
    State state,
    String word,
    double number,
    String unit,
    List<String> lines,
    String todo,
    double[] course) {
  /** In which colour. */
  enum State {
    GOOD,
    WARN,
    BAD,
    NONE
  }

  Map<String, Object> json() {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("title", title);
    o.put("state", state.name().toLowerCase(java.util.Locale.ROOT));
    o.put("word", word);
    o.put("number", number);
    o.put("unit", unit);
    o.put("lines", lines);
    o.put("todo", todo);
    o.put("course", course);
    return o;
  }
}
