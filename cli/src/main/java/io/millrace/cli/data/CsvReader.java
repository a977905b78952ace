package io.millrace.cli.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Separated values with a header line, RFC 4180 quoting, empty lines skipped. */
final class CsvReader extends RawReader {
  private final CSVParser parser;
  private final Iterator<CSVRecord> records;
  private final int width;

  /**
   * A reader behind the header.
   *
   * @param asked between cells; null: a tab where the name ends in .tsv, else a comma
   */
  CsvReader(Path path, Character asked) throws IOException {
    super(path);
    try {
      char delimiter =
          asked != null ? asked : DataFormat.plainName(path).endsWith(".tsv") ? '\t' : ',';
      parser =
          CSVParser.builder()
              .setReader(reader)
              .setFormat(CSVFormat.DEFAULT.builder().setDelimiter(delimiter).get())
              .get();
      records = parser.iterator();
      CSVRecord header = take();
      if (header == null) {
        throw new DataException(file() + ": empty; expected a header line");
      }
      for (int i = 0; i < header.size(); i++) {
        String name = header.get(i).strip();
        if (name.isEmpty()) {
          throw new DataException(file() + " header: column " + (i + 1) + " has no name");
        }
        if (name.indexOf('.') >= 0 && !Double.isNaN(Cells.number(name))) {
          throw new DataException(
              file()
                  + " header: column "
                  + (i + 1)
                  + " is named '"
                  + name
                  + "', a number; the first line must name the columns");
        }
        if (column(name) != i) {
          throw new DataException(file() + " header: column '" + name + "' appears twice");
        }
      }
      otherDelimiter(header, delimiter);
      width = header.size();
    } catch (IOException e) {
      reader.close();
      throw e;
    }
  }

  @Override
  boolean read(RawRow row) throws IOException {
    CSVRecord record = take();
    if (record == null) {
      return false;
    }
    if (record.size() != width) {
      throw new DataException(
          where() + ": " + record.size() + " cells, the header has " + width + " columns");
    }
    for (int i = 0; i < width; i++) {
      row.cell(i, record.get(i).strip(), false);
    }
    return true;
  }

  /** A table of one column whose name looks like several. */
  private void otherDelimiter(CSVRecord header, char delimiter) throws DataException {
    if (header.size() > 1) {
      return;
    }
    for (char other : new char[] {';', '\t', '|', ','}) {
      if (other != delimiter && header.get(0).indexOf(other) >= 0) {
        throw new DataException(
            file()
                + " header: one column, '"
                + header.get(0)
                + "'; is it separated by '"
                + (other == '\t' ? "tab" : other)
                + "'? Then say --delimiter "
                + (other == '\t' ? "tab" : "'" + other + "'"));
      }
    }
  }

  private CSVRecord take() throws IOException {
    try {
      return records.hasNext() ? records.next() : null;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof org.apache.commons.csv.CSVException) {
        throw new DataException(where() + ": " + e.getCause().getMessage(), e);
      }
      throw e.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    parser.close();
  }
}
