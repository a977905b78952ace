package io.millrace.cli.data;

/** What a cell means, by its column's role; both passes over a file ask here. Not thread-safe. */
final class RowCells {
  private final RawReader reader;
  private final DataOptions options;
  private final EventTimes times;

  RowCells(RawReader reader, DataOptions options) {
    this.reader = reader;
    this.options = options;
    this.times = new EventTimes(options.timeUnit());
  }

  /** Text of a cell; empty where it is one of those that count as empty. */
  String text(RawRow row, int cell) {
    String text = row.text[cell];
    return options.absent().contains(text) ? "" : text;
  }

  double target(String text) throws DataException {
    double v = Cells.number(text);
    if (Double.isNaN(v)) {
      throw new DataException(
          reader.where() + ": label is '" + text + "'; expected a finite number");
    }
    return v;
  }

  long eventTime(String column, String text) throws DataException {
    try {
      return times.parse(text);
    } catch (IllegalArgumentException e) {
      throw new DataException(is(column, text) + e.getMessage(), e);
    }
  }

  double weight(String column, String text) throws DataException {
    double w = Cells.number(text);
    if (!(w >= 0)) {
      throw new DataException(is(column, text) + "a weight is a finite number from 0 up");
    }
    return w;
  }

  DataException notANumber(String column, String text) {
    return new DataException(is(column, text) + "expected a finite number");
  }

  /**
   * What to say of a number that a dense row lacks.
   *
   * @param cells how many lack it
   */
  DataException empty(String column, long row, long cells) {
    return new DataException(
        reader.file()
            + " row "
            + row
            + ": column '"
            + column
            + "' is empty"
            + (cells > 1 ? ", as in " + cells + " rows" : "")
            + "; a dense row needs every number: say what to take with --missing NUMBER, or leave it"
            + " out with --encode named");
  }

  private String is(String column, String text) {
    return reader.where() + ": column '" + column + "' is '" + text + "'; ";
  }
}
