package io.millrace.cli.data;

import io.millrace.core.features.InputSpec.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The second pass over a file: its rows, encoded as the schema says. Memory does not grow with the
 * file. Not thread-safe.
 */
public final class DataReader implements Closeable {
  private final DataSchema schema;
  private final DataOptions options;
  private final RawReader reader;
  private final RowCells cells;
  private final RawRow raw = new RawRow();

  /** Schema columns by position in the file; grows with JSON Lines. */
  private final List<Column> columns = new ArrayList<>();

  private final Map<String, Column> byName = new HashMap<>();
  private final Map<String, Map<String, Integer>> oneHot = new HashMap<>();
  private final Map<String, Integer> classIndex = new HashMap<>();
  private boolean[] present;

  private DataReader(RawReader reader, DataSchema schema) {
    this.reader = reader;
    this.schema = schema;
    this.options = schema.options();
    this.cells = new RowCells(reader, options);
    this.present = new boolean[schema.dimension()];
    for (Column c : schema.columns()) {
      byName.put(c.name(), c);
      Map<String, Integer> values = new HashMap<>();
      for (String v : c.categories()) {
        values.put(v, c.offset() + values.size());
      }
      oneHot.put(c.name(), values);
    }
    for (String c : schema.classes()) {
      classIndex.put(c, classIndex.size());
    }
  }

  /** Opens the file that {@code schema} was made from, or one of the same make. */
  public static DataReader open(Path path, DataSchema schema) throws IOException {
    return new DataReader(RawReader.open(path, schema.options()), schema);
  }

  /** Bytes of the file taken so far, as stored. */
  public long bytesRead() {
    return reader.bytesRead();
  }

  /**
   * Reads the next row into {@code row}.
   *
   * @return false at the end of the file
   * @throws DataException naming the row and what is wrong with it
   */
  public boolean next(DataRow row) throws IOException {
    row.clear();
    if (!reader.next(raw)) {
      return false;
    }
    row.number = reader.number();
    if (raw.label == null) {
      table(row);
    } else {
      libsvm(row);
    }
    return true;
  }

  private void libsvm(DataRow row) throws DataException {
    label(row, raw.label);
    int last = raw.pairs == 0 ? -1 : raw.index[raw.pairs - 1];
    if (schema.kind() != Kind.NAMED && last >= schema.dimension()) {
      throw new DataException(
          reader.where()
              + ": index "
              + (last + options.indexBase())
              + ", the largest allowed is "
              + (schema.dimension() - 1 + options.indexBase()));
    }
    if (schema.kind() == Kind.DENSE) {
      row.zeros(schema.dimension());
    }
    for (int i = 0; i < raw.pairs; i++) {
      switch (schema.kind()) {
        case DENSE -> row.value[raw.index[i]] = raw.value[i];
        case SPARSE -> row.coordinate(raw.index[i], raw.value[i]);
        case NAMED ->
            row.named(Integer.toString(raw.index[i] + options.indexBase()), raw.value[i], null);
      }
    }
  }

  private void table(DataRow row) throws DataException {
    boolean vector = schema.kind() != Kind.NAMED;
    if (vector) {
      row.zeros(schema.dimension());
      Arrays.fill(present, false);
    }
    for (int i = 0; i < raw.cells; i++) {
      Column column = column(raw.column[i]);
      String text = cells.text(raw, i);
      if (column == null) {
        throw new DataException(
            reader.where()
                + ": column '"
                + reader.columns().get(raw.column[i])
                + "' was not in the file when it was scanned");
      }
      if (text.isEmpty() && column.role() != Column.Role.NUMBER) {
        continue; // an empty cell is an absent key, label, category, ...
      }
      switch (column.role()) {
        case LABEL -> label(row, text);
        case KEY -> row.key = text;
        case ID -> row.id = text;
        case EVENT_TIME -> row.eventTime = cells.eventTime(column.name(), text);
        case WEIGHT -> row.weight = cells.weight(column.name(), text);
        case IGNORED -> {}
        case NUMBER -> number(row, column, text, raw.word[i]);
        case CATEGORY -> row.named(column.name(), 1, text);
        case ONE_HOT -> oneHot(row, column, text);
        case NOMINAL -> {
          row.value[column.offset()] = place(column, text) - column.offset();
          present[column.offset()] = true;
        }
      }
    }
    if (vector) {
      finish(row);
    }
  }

  private Column column(int position) {
    while (columns.size() <= position) {
      columns.add(byName.get(reader.columns().get(columns.size())));
    }
    return columns.get(position);
  }

  private void number(DataRow row, Column column, String text, boolean word) throws DataException {
    double v;
    if (text.isEmpty()) {
      if (options.missing() == null) {
        return;
      }
      v = options.missing();
    } else {
      v = word ? Double.NaN : Cells.number(text);
    }
    if (Double.isNaN(v)) {
      throw cells.notANumber(column.name(), text);
    }
    v = column.log() ? Cells.signedLog(v) : v;
    if (column.offset() < 0) {
      row.named(column.name(), v, null);
    } else {
      row.value[column.offset()] = v;
      present[column.offset()] = true;
    }
  }

  private void oneHot(DataRow row, Column column, String text) throws DataException {
    if (column.offset() < 0) {
      row.named(column.name(), 1, text);
      return;
    }
    row.value[place(column, text)] = 1;
  }

  /** The offset of a column and the place of a value among those it has. */
  private int place(Column column, String text) throws DataException {
    Integer at = oneHot.get(column.name()).get(text);
    if (at == null) {
      throw new DataException(
          reader.where()
              + ": column '"
              + column.name()
              + "' is '"
              + text
              + "', which was not in the file when it was scanned");
    }
    return at;
  }

  /** Absent numbers of a dense row; zeros of a sparse one. */
  private void finish(DataRow row) throws DataException {
    for (Column c : schema.columns()) {
      if (c.role() == Column.Role.NUMBER && !present[c.offset()]) {
        if (options.missing() != null) {
          double v = options.missing();
          row.value[c.offset()] = c.log() ? Cells.signedLog(v) : v;
        } else if (schema.kind() == Kind.DENSE) {
          throw cells.empty(c.name(), reader.number(), 1);
        }
      }
    }
    if (schema.kind() == Kind.SPARSE) {
      int n = row.count;
      row.count = 0;
      for (int i = 0; i < n; i++) {
        row.coordinate(i, row.value[i]);
      }
    }
  }

  private void label(DataRow row, String text) throws DataException {
    if (options.numericLabel()) {
      row.target = cells.target(text);
      row.label = text;
      return;
    }
    row.label = Cells.className(text);
    Integer index = classIndex.get(row.label);
    if (index == null) {
      throw new DataException(
          reader.where() + ": label is '" + text + "'; known classes: " + schema.classes());
    }
    row.target = index;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
