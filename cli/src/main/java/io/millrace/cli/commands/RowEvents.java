package io.millrace.cli.commands;

import io.millrace.cli.data.DataException;
import io.millrace.cli.data.DataRow;
import io.millrace.cli.data.DataSchema;
import io.millrace.client.Event;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rows of a file as events, without rounding: a job learns from the numbers that {@code evaluate}
 * learns from.
 *
 * @param schema of the file
 * @param file its name, for messages
 * @param key of every event; null: the row's own
 */
record RowEvents(DataSchema schema, String file, String key) {
  Event event(DataRow row) throws DataException {
    String modelKey = key == null ? row.key : key;
    if (modelKey.isEmpty()) {
      throw new DataException(file + " row " + row.number + ": no key; every event needs one");
    }
    Event event =
        switch (schema.kind()) {
          case DENSE -> Event.dense(modelKey, Arrays.copyOf(row.value, row.count));
          case SPARSE ->
              Event.sparse(
                  modelKey,
                  Arrays.copyOf(row.index, row.count),
                  Arrays.copyOf(row.value, row.count));
          case NAMED -> named(modelKey, row);
        };
    event.id(row.id).eventTime(row.eventTime).weight(row.weight);
    if (!row.label.isEmpty()) {
      if (schema.options().numericLabel()) {
        event.label(row.target);
      } else {
        event.label(row.label);
      }
    }
    return event;
  }

  private static Event named(String modelKey, DataRow row) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    Map<String, String> categories = new LinkedHashMap<>();
    for (int i = 0; i < row.count; i++) {
      if (row.category[i] == null) {
        numbers.put(row.name[i], row.value[i]);
      } else {
        categories.put(row.name[i], row.category[i]);
      }
    }
    return Event.named(modelKey, numbers, categories);
  }
}
