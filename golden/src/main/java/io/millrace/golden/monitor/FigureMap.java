package io.millrace.golden.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.learn.Figures;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import java.util.HashMap;
import java.util.Map;

/** Figures that a metric has reported, to be compared with those of a file by name. */
final class FigureMap implements Figures {
  private final Map<String, Double> figures = new HashMap<>();

  @Override
  public void figure(String name, double value) {
    figures.put(name, value);
  }

  /**
   * Compares a figure; one that is null in the file must not have been reported.
   *
   * @param row of the file
   * @param field of the row, such as macro_f1, for the figure MacroF1
   */
  void compare(String where, JsonNode row, String field, Tally tally) {
    if (!row.has(field)) {
      throw new MalformedGolden(where + ": field '" + field + "' is missing");
    }
    compareValue(where + "." + field, row.get(field), camel(field), tally);
  }

  /** Compares a figure with a value of the file. */
  void compareValue(String where, JsonNode expected, String figure, Tally tally) {
    tally.compare(
        where,
        expected.isNull() ? Double.NaN : Fields.number(where, expected),
        figures.getOrDefault(figure, Double.NaN));
  }

  private static String camel(String field) {
    StringBuilder name = new StringBuilder();
    for (String word : field.split("_")) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name.toString();
  }
}
