package io.millrace.cli.data;

import io.millrace.core.TextFiles;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UnsupportedEncodingException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;

/**
 * Reads the rows of a file one after the other in bounded memory; every fault names the row. Rows
 * count from 1, a header is none. Not thread-safe.
 */
abstract class RawReader implements Closeable {
  /** Most characters of one row: a file without line ends must not fill the memory. */
  static final int MAX_ROW_CHARS = 1 << 26;

  /** Most columns: JSON Lines may bring new ones with every row. */
  static final int MAX_COLUMNS = 1 << 20;

  private final String file;
  private final Counted counted;
  private final List<String> columns = new ArrayList<>();
  private final Map<String, Integer> positions = new HashMap<>();

  /** UTF-8 text of the file. */
  final Bounded reader;

  private long number;

  RawReader(Path path) throws IOException {
    file = String.valueOf(path.getFileName());
    if (!Files.exists(path)) {
      throw new DataException(path + ": no such file");
    }
    if (!Files.isRegularFile(path)) {
      throw new DataException(path + ": no regular file; it is read twice, so save it as one");
    }
    try {
      counted = new Counted(Files.newInputStream(path));
    } catch (IOException e) {
      throw new DataException(path + ": cannot be read: " + TextFiles.why(e), e);
    }
    try {
      reader = new Bounded(TextFiles.reader(GzipMembers.content(counted, file)));
    } catch (IOException e) {
      counted.close();
      throw e instanceof UnsupportedEncodingException
          ? new DataException(file + ": " + e.getMessage(), e)
          : e instanceof ZipException || e instanceof EOFException
              ? new DataException(file + ": damaged gzip: " + e.getMessage(), e)
              : e;
    }
  }

  static RawReader open(Path path, DataOptions options) throws IOException {
    DataFormat format = options.format() == null ? DataFormat.of(path) : options.format();
    return switch (format) {
      case CSV -> new CsvReader(path, options.delimiter());
      case LIBSVM -> new LibsvmReader(path, options.indexBase());
      case JSON_LINES -> new JsonLinesReader(path);
    };
  }

  /**
   * Reads the next row into {@code row}, which is cleared before.
   *
   * @return false at the end of the file
   */
  final boolean next(RawRow row) throws IOException {
    row.clear();
    number++;
    reader.restart();
    return read(row);
  }

  abstract boolean read(RawRow row) throws IOException;

  /** Position of a column, which is new where {@code name} was never seen. */
  final int column(String name) throws DataException {
    Integer position = positions.get(name);
    if (position == null) {
      if (columns.size() == MAX_COLUMNS) {
        throw new DataException(where() + ": more than " + MAX_COLUMNS + " different columns");
      }
      position = columns.size();
      positions.put(name, position);
      columns.add(name);
    }
    return position;
  }

  /** Columns seen so far, in order of appearance. */
  final List<String> columns() {
    return columns;
  }

  /** Number of the row last asked for, from 1. */
  final long number() {
    return number;
  }

  /** File and row, for messages. */
  final String where() {
    return number == 0 ? file + " header" : file + " row " + number;
  }

  final String file() {
    return file;
  }

  /** Bytes of the file taken so far, as stored. */
  final long bytesRead() {
    return counted.count;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
      int n = super.read(b, off, len);
      count += Math.max(n, 0);
      return n;
    }
  }

  /**
   * Names the row of damaged bytes and refuses rows without end. Readers read ahead, so the limit
   * is met within a buffer's size.
   */
  final class Bounded extends FilterReader {
    private long chars;

    Bounded(Reader in) {
      super(in);
    }

    void restart() {
      chars = 0;
    }

    @Override
    public int read() throws IOException {
      try {
        int c = super.read();
        count(c < 0 ? 0 : 1);
        return c;
      } catch (CharacterCodingException | EOFException | ZipException e) {
        throw damaged(e);
      }
    }

    @Override
    public int read(char[] b, int off, int len) throws IOException {
      try {
        int n = super.read(b, off, len);
        count(Math.max(n, 0));
        return n;
      } catch (CharacterCodingException | EOFException | ZipException e) {
        throw damaged(e);
      }
    }

    private DataException damaged(IOException e) {
      return new DataException(
          e instanceof CharacterCodingException
              ? where() + " or up to 64 KiB behind it: bytes that are not UTF-8"
              : where() + ": the gzip data is cut off or damaged here: " + e.getMessage(),
          e);
    }

    private void count(int n) throws DataException {
      chars += n;
      if (chars > MAX_ROW_CHARS) {
        throw new DataException(where() + ": longer than " + MAX_ROW_CHARS + " characters");
      }
    }
  }
}
