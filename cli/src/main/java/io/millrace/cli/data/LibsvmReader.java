package io.millrace.cli.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/** LIBSVM text; a line's pairs are put in ascending order of their index. */
final class LibsvmReader extends RawReader {
  private final BufferedReader lines;
  private final int base;

  LibsvmReader(Path path, int base) throws IOException {
    super(path);
    this.base = base;
    lines = new BufferedReader(reader, 1 << 16);
  }

  @Override
  boolean read(RawRow row) throws IOException {
    String line;
    int end;
    int at;
    do {
      line = lines.readLine();
      if (line == null) {
        return false;
      }
      end = line.indexOf('#');
      end = end < 0 ? line.length() : end;
      at = skipBlank(line, 0, end);
    } while (at == end);
    int stop = skipWord(line, at, end);
    row.label = label(line.substring(at, stop));
    while ((at = skipBlank(line, stop, end)) < end) {
      stop = skipWord(line, at, end);
      pair(row, line, at, stop);
    }
    return true;
  }

  /** A line without a label would otherwise give its first feature's name to a class. */
  private String label(String word) throws DataException {
    if (word.indexOf(':') >= 0 || word.indexOf(',') >= 0) {
      throw new DataException(
          where()
              + ": begins with '"
              + word
              + "'; expected the label: one number or one class name, before the features");
    }
    return word;
  }

  private void pair(RawRow row, String line, int from, int to) throws DataException {
    int colon = line.indexOf(':', from);
    long index = -1;
    if (colon > from && colon < to && colon - from <= 10) {
      index = 0;
      for (int i = from; i < colon && index >= 0; i++) {
        char c = line.charAt(i);
        index = c >= '0' && c <= '9' ? index * 10 + (c - '0') : -1;
      }
    }
    double value = index < 0 ? Double.NaN : Cells.number(line.substring(colon + 1, to));
    if (index < base || index - base >= Integer.MAX_VALUE || Double.isNaN(value)) {
      throw new DataException(
          where()
              + ": '"
              + line.substring(from, to)
              + "'; expected index:value, the index from "
              + base
              + " up and the value a finite number");
    }
    row.pair((int) (index - base), value);
    for (int i = row.pairs - 1; i > 0 && row.index[i] <= row.index[i - 1]; i--) {
      if (row.index[i] == row.index[i - 1]) {
        throw new DataException(where() + ": index " + index + " appears twice");
      }
      int j = row.index[i];
      row.index[i] = row.index[i - 1];
      row.index[i - 1] = j;
      double v = row.value[i];
      row.value[i] = row.value[i - 1];
      row.value[i - 1] = v;
    }
  }

  private static int skipBlank(String line, int at, int end) {
    int i = at;
    while (i < end && line.charAt(i) <= ' ') {
      i++;
    }
    return i;
  }

  private static int skipWord(String line, int at, int end) {
    int i = at;
    while (i < end && line.charAt(i) > ' ') {
      i++;
    }
    return i;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
