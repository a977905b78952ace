package io.millrace.cli.data;

import io.millrace.core.features.InputSpec.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The first of two passes over a file: which columns are numbers, which values the one-hot columns
 * take, which classes there are, how many coordinates. A column is one of numbers if every cell of
 * it that is not empty is a finite number, and one of words if most cells are words; where most are
 * numbers, the first word among them is a fault, since taking the others for words because of it
 * would change what all of them mean. Every cell that the second pass reads is read here by the
 * same rules, so that nothing has been sent when a fault is found.
 *
 * <p>Memory: the distinct values of one-hot columns and labels, which are bounded by {@link
 * DataOptions#maxCategories()}, and {@link #MAX_NAMES} names.
 */
public final class DataScan {
  /** Most different names that are counted. */
  static final int MAX_NAMES = 1 << 14;

  private final DataOptions options;
  private final RawReader reader;
  private final RowCells cells;
  private final Map<String, Column.Role> roles;
  private final List<Found> found = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final Set<String> classes = new LinkedHashSet<>();
  private final Tally labels = new Tally();
  private int largestIndex = -1;

  /** What is known of a column so far. */
  private static final class Found {
    Column.Role role;

    /** Whether the user has said that it holds numbers. */
    boolean fixed;

    final Tally tally = new Tally();
    final Set<String> values = new LinkedHashSet<>();

    /** Rows in which it is not empty. */
    long filled;

    /** First row in which it is empty; 0: none so far. */
    long firstEmpty;
  }

  /** Numbers and words among the cells of a column, or among labels. */
  private static final class Tally {
    long numbers;
    long words;
    long firstNumber;
    long firstWord;
    String number;
    String word;

    void take(String text, boolean isWord, long row) {
      if (isWord || Double.isNaN(Cells.number(text))) {
        if (word == null) {
          word = text;
          firstWord = row;
        }
        // A decimal comma makes a word, yet whoever wrote it meant a number.
        if (!isWord && Cells.numberInOtherWords(text)) {
          numbers++;
        } else {
          words++;
        }
        return;
      }
      numbers++;
      if (number == null) {
        number = text;
        firstNumber = row;
      }
    }

    /** Whether all are numbers. */
    boolean numeric() {
      return word == null;
    }

    /** Whether most are numbers, and not all. */
    boolean doubtful() {
      return word != null && numbers > words;
    }
  }

  private DataScan(RawReader reader, DataOptions options) throws DataException {
    this.reader = reader;
    this.options = options;
    this.roles = options.roles();
    this.cells = new RowCells(reader, options);
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
        label(row.label, false);
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
            reader.file()
                + ": no column '"
                + column
                + "'; it has "
                + reader.columns()
                + (reader.columns().stream().anyMatch(c -> c.indexOf(',') >= 0)
                    ? "; in a list of names, quote one that holds a comma"
                    : ""));
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
      String text = cells.text(row, i);
      if (text.isEmpty()) {
        continue;
      }
      long r = reader.number();
      if (column.filled < r - 1 && column.firstEmpty == 0) {
        column.firstEmpty = column.filled + 1;
      }
      column.filled++;
      cell(column, reader.columns().get(row.column[i]), text, row.word[i]);
    }
  }

  private void cell(Found column, String name, String text, boolean word) throws DataException {
    switch (column.role) {
      case LABEL -> label(text, word);
      case EVENT_TIME -> cells.eventTime(name, text);
      case WEIGHT -> cells.weight(name, text);
      case NUMBER -> {
        column.tally.take(text, word, reader.number());
        if (column.fixed && !column.tally.numeric()) {
          throw cells.notANumber(name, text);
        }
        if (!column.tally.numeric()) {
          name(name, text);
        }
      }
      case CATEGORY -> name(name, text);
      case ONE_HOT, NOMINAL -> {
        name(name, text);
        if (column.values.add(text) && column.values.size() > options.maxCategories()) {
          throw new DataException(
              reader.where()
                  + ": "
                  + (column.role == Column.Role.ONE_HOT ? "one-hot" : "nominal")
                  + " column '"
                  + name
                  + "' has more than "
                  + options.maxCategories()
                  + " values; let it be hashed (--categorical) or raise --max-categories");
        }
      }
      default -> {}
    }
  }

  private void name(String column, String value) {
    if (names.size() < MAX_NAMES) {
      names.add(column + '\0' + value);
    }
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
      if (options.nominal().contains(name)) {
        column.role = Column.Role.NOMINAL;
      }
    }
    return column;
  }

  private void label(String text, boolean word) throws DataException {
    if (text.isEmpty()) {
      return;
    }
    if (options.numericLabel()) {
      cells.target(text);
      return;
    }
    labels.take(text, word, reader.number());
    if (classes.add(Cells.className(text)) && classes.size() > options.maxCategories()) {
      throw new DataException(
          reader.where()
              + ": more than "
              + options.maxCategories()
              + " different labels; for numbers to be predicted say --numeric-label (produce, init)"
              + " or --loss squared (evaluate), else raise --max-categories");
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
    if (labels.doubtful()) {
      throw new DataException(
          doubt(labels, "the label", "labels")
              + "; mend it, or name all classes with --classes if it is one of them");
    }
    return classes.stream().sorted(Cells.classOrder(classes)).toList();
  }

  /** A word where nearly all are numbers. */
  private String doubt(Tally tally, String what, String many) {
    long all = tally.numbers + tally.words;
    return reader.file()
        + " row "
        + tally.firstWord
        + ": "
        + what
        + " is '"
        + tally.word
        + "', but most of the "
        + all
        + " "
        + many
        + " are numbers";
  }

  /** Columns whose cells are numbers and words alike are settled, or refused. */
  private List<String> settle() throws DataException {
    List<String> notes = new ArrayList<>();
    List<String> columns = reader.columns();
    for (int i = 0; i < found.size(); i++) {
      Found f = found.get(i);
      if (f.role != Column.Role.NUMBER || f.tally.numeric()) {
        continue;
      }
      String name = columns.get(i);
      if (f.tally.doubtful()) {
        throw new DataException(
            doubt(f.tally, "column '" + name + "'", "cells")
                + "; write a number with a point, say --absent '"
                + f.tally.word
                + "' if it stands for an empty cell, --categorical '"
                + name
                + "' if all cells are words, or --ignore '"
                + name
                + "'");
      }
      f.role = Column.Role.CATEGORY;
      if (f.tally.number != null) {
        notes.add(
            "column '"
                + name
                + "' is taken as words, such as '"
                + f.tally.word
                + "' in row "
                + f.tally.firstWord
                + ", and with them its numbers, such as '"
                + f.tally.number
                + "' in row "
                + f.tally.firstNumber);
      }
    }
    return notes;
  }

  private void requireFilled(List<String> columns, long rows) throws DataException {
    for (int i = 0; i < found.size(); i++) {
      Found f = found.get(i);
      boolean needed =
          f.role == Column.Role.NOMINAL
              || f.role == Column.Role.NUMBER && options.missing() == null;
      if (needed && f.filled < rows) {
        throw cells.empty(
            columns.get(i), f.firstEmpty == 0 ? f.filled + 1 : f.firstEmpty, rows - f.filled);
      }
    }
  }

  private DataSchema libsvmSchema(long rows) throws DataException {
    Kind kind =
        switch (options.encode()) {
          case AUTO, SPARSE -> Kind.SPARSE;
          case DENSE -> Kind.DENSE;
          case NAMED -> Kind.NAMED;
        };
    int dimension = kind == Kind.NAMED ? 0 : atLeast(Math.max(1, largestIndex + 1));
    return new DataSchema(
        options,
        kind,
        dimension,
        List.of(),
        orderedClasses(),
        rows,
        Math.min(MAX_NAMES, largestIndex + 1),
        List.of());
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
    List<String> notes = settle();
    List<String> columns = reader.columns();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).role == Column.Role.CATEGORY) {
        words.add(columns.get(i));
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
              + " hold words, a dense or sparse vector takes numbers; name them in --one-hot,"
              + " --nominal or --ignore, or let all be hashed with --encode named");
    }
    if (kind != Kind.DENSE && !options.nominal().isEmpty()) {
      throw new DataException(
          reader.file()
              + ": --nominal "
              + options.nominal()
              + "; goes with dense features, these are "
              + kind.name().toLowerCase(Locale.ROOT)
              + (words.isEmpty() ? "" : ", because columns " + words + " hold words"));
    }
    if (kind == Kind.DENSE) {
      requireFilled(columns, rows);
    }
    if (kind == Kind.NAMED && options.encode() == DataOptions.Encoding.AUTO) {
      notes.add(
          "features are named and hashed, because columns "
              + words
              + " hold words; --one-hot for columns with few values makes them dense");
    }
    List<Column> all = new ArrayList<>();
    int[] offset = new int[found.size()];
    Arrays.fill(offset, -1);
    int next = 0;
    if (kind != Kind.NAMED) {
      for (Column.Role role :
          List.of(Column.Role.NUMBER, Column.Role.NOMINAL, Column.Role.ONE_HOT)) {
        for (int i = 0; i < offset.length; i++) {
          if (found.get(i).role == role) {
            offset[i] = next;
            next += role == Column.Role.ONE_HOT ? found.get(i).values.size() : 1;
          }
        }
      }
      next = atLeast(Math.max(1, next));
    }
    int numbers = 0;
    for (int i = 0; i < offset.length; i++) {
      Found f = found.get(i);
      numbers += f.role == Column.Role.NUMBER ? 1 : 0;
      all.add(
          new Column(
              columns.get(i),
              f.role,
              options.log().contains(columns.get(i)),
              offset[i],
              List.copyOf(f.values)));
    }
    return new DataSchema(
        options,
        kind,
        next,
        all,
        orderedClasses(),
        rows,
        Math.min(MAX_NAMES, numbers + names.size()),
        notes);
  }
}
