package io.millrace.cli.data;

import io.millrace.core.features.InputSpec.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The first of two passes over a file: which columns are numbers, which values the one-hot columns
 * take, which classes there are, how many coordinates. A column is one of numbers if every cell of
 * it that is not empty is a finite number. Memory: the distinct values of one-hot columns and
 * labels, which are bounded by {@link DataOptions#maxCategories()}.
 */
public final class DataScan {
  private final DataOptions options;
  private final RawReader reader;
  private final Map<String, Column.Role> roles;
  private final List<Found> found = new ArrayList<>();
  private final Set<String> classes = new LinkedHashSet<>();
  private int largestIndex = -1;

  /** What is known of a column so far. */
  private static final class Found {
    Column.Role role;
    boolean fixed;
    final Set<String> values = new LinkedHashSet<>();
  }

  private DataScan(RawReader reader, DataOptions options) throws DataException {
    this.reader = reader;
    this.options = options;
    this.roles = options.roles();
  }

  /** Reads the whole file once. */
  public static DataSchema scan(Path path, DataOptions options) throws IOException {
    return scan(path, options, bytes -> {});
  }

  /**
   * Reads the whole file once.
   *
   * @param progress told the bytes taken so far, now and then
   * @throws DataException naming the first row that is not as it should be
   */
  public static DataSchema scan(Path path, DataOptions options, LongConsumer progress)
      throws IOException {
    try (RawReader reader = RawReader.open(path, options)) {
      return new DataScan(reader, options).run(progress);
    }
  }

  private DataSchema run(LongConsumer progress) throws IOException {
    RawRow row = new RawRow();
    boolean table = !(reader instanceof LibsvmReader);
    if (!table && !options.named().isEmpty()) {
      throw new DataException(
          reader.file() + ": LIBSVM has no named columns; drop " + options.named());
    }
    while (reader.next(row)) {
      if (table) {
        table(row);
      } else {
        largestIndex = Math.max(largestIndex, row.pairs == 0 ? -1 : row.index[row.pairs - 1]);
        label(row.label);
      }
      if ((reader.number() & 1023) == 0) {
        progress.accept(reader.bytesRead());
      }
    }
    long rows = reader.number() - 1;
    if (rows == 0) {
      throw new DataException(reader.file() + ": no rows");
    }
    for (String column : options.named()) {
      if (!reader.columns().contains(column)) {
        throw new DataException(
            reader.file() + ": no column '" + column + "'; it has " + reader.columns());
      }
    }
    return table ? tableSchema(rows) : libsvmSchema(rows);
  }

  private void table(RawRow row) throws DataException {
    for (int i = row.cells - 1; i >= 0; i--) {
      while (found.size() <= row.column[i]) {
        found.add(start(reader.columns().get(found.size())));
      }
    }
    for (int i = 0; i < row.cells; i++) {
      Found column = found.get(row.column[i]);
      String text = row.text[i];
      switch (column.role) {
        case LABEL -> label(text);
        case NUMBER -> {
          if (!text.isEmpty() && (row.word[i] || Double.isNaN(Cells.number(text)))) {
            if (column.fixed) {
              throw new DataException(
                  notANumber(reader.where(), reader.columns().get(row.column[i]), text));
            }
            column.role = Column.Role.CATEGORY;
          }
        }
        case ONE_HOT -> {
          if (!text.isEmpty()
              && column.values.add(text)
              && column.values.size() > options.maxCategories()) {
            throw new DataException(
                reader.where()
                    + ": one-hot column '"
                    + reader.columns().get(row.column[i])
                    + "' has more than "
                    + options.maxCategories()
                    + " values; let it be hashed (--categorical) or raise --max-categories");
          }
        }
        default -> {}
      }
    }
  }

  static String notANumber(String where, String column, String text) {
    return where + ": column '" + column + "' is '" + text + "'; expected a finite number";
  }

  private Found start(String name) {
    Found column = new Found();
    column.role = roles.get(name);
    if (column.role == null) {
      column.role = Column.Role.NUMBER;
      column.fixed = options.numeric().contains(name) || options.log().contains(name);
      if (options.categorical().contains(name)) {
        column.role = Column.Role.CATEGORY;
      }
      if (options.oneHot().contains(name)) {
        column.role = Column.Role.ONE_HOT;
      }
    }
    return column;
  }

  private void label(String text) throws DataException {
    if (text.isEmpty() || options.numericLabel()) {
      return;
    }
    if (classes.add(Cells.className(text)) && classes.size() > options.maxCategories()) {
      throw new DataException(
          reader.where()
              + ": more than "
              + options.maxCategories()
              + " different labels; for a regression choose such a loss, else raise"
              + " --max-categories");
    }
  }

  private List<String> orderedClasses() throws DataException {
    if (options.numericLabel()) {
      return List.of();
    }
    if (!options.classes().isEmpty()) {
      List<String> given = options.classes().stream().map(Cells::className).toList();
      for (String seen : classes) {
        if (!given.contains(seen)) {
          throw new DataException(
              reader.file() + ": label '" + seen + "' is none of --classes " + options.classes());
        }
      }
      return given;
    }
    boolean numbers = classes.stream().noneMatch(c -> Double.isNaN(Cells.number(c)));
    return classes.stream()
        .sorted(numbers ? Comparator.comparingDouble(Cells::number) : Comparator.naturalOrder())
        .toList();
  }

  private DataSchema libsvmSchema(long rows) throws DataException {
    Kind kind =
        switch (options.encode()) {
          case AUTO, SPARSE -> Kind.SPARSE;
          case DENSE -> Kind.DENSE;
          case NAMED -> Kind.NAMED;
        };
    int dimension = kind == Kind.NAMED ? 0 : atLeast(Math.max(1, largestIndex + 1));
    return new DataSchema(options, kind, dimension, List.of(), orderedClasses(), rows);
  }

  private int atLeast(int needed) throws DataException {
    if (options.dimension() != 0 && options.dimension() < needed) {
      throw new DataException(
          reader.file()
              + ": --dimension "
              + options.dimension()
              + "; the rows have "
              + needed
              + " coordinates");
    }
    return Math.max(needed, options.dimension());
  }

  private DataSchema tableSchema(long rows) throws DataException {
    List<String> names = reader.columns();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).role == Column.Role.CATEGORY) {
        words.add(names.get(i));
      }
    }
    Kind kind =
        switch (options.encode()) {
          case AUTO -> words.isEmpty() ? Kind.DENSE : Kind.NAMED;
          case DENSE -> Kind.DENSE;
          case SPARSE -> Kind.SPARSE;
          case NAMED -> Kind.NAMED;
        };
    if (kind != Kind.NAMED && !words.isEmpty()) {
      throw new DataException(
          reader.file()
              + ": columns "
              + words
              + " hold words, a dense or sparse vector takes numbers; name them in --one-hot or"
              + " --ignore, or let all be hashed with --encode named");
    }
    List<Column> columns = new ArrayList<>();
    int[] offset = new int[found.size()];
    Arrays.fill(offset, -1);
    int next = 0;
    if (kind != Kind.NAMED) {
      for (Column.Role role : List.of(Column.Role.NUMBER, Column.Role.ONE_HOT)) {
        for (int i = 0; i < offset.length; i++) {
          if (found.get(i).role == role) {
            offset[i] = next;
            next += role == Column.Role.NUMBER ? 1 : found.get(i).values.size();
          }
        }
      }
      next = atLeast(Math.max(1, next));
    }
    for (int i = 0; i < offset.length; i++) {
      Found f = found.get(i);
      columns.add(
          new Column(
              names.get(i),
              f.role,
              options.log().contains(names.get(i)),
              offset[i],
              List.copyOf(f.values)));
    }
    return new DataSchema(options, kind, next, columns, orderedClasses(), rows);
  }
}
