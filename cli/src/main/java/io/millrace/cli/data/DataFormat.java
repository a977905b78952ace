package io.millrace.cli.data;

import java.nio.file.Path;
import java.util.Locale;

/** How a data file is laid out; any of them may be gzipped ({@code .gz}). */
public enum DataFormat {
  /** Comma separated with a header line; tab separated where the name ends in {@code .tsv}. */
  CSV,
  /** {@code label index:value ...}, a row per line; {@code #} starts a comment. */
  LIBSVM,
  /** A JSON object of numbers, strings and booleans per line. */
  JSON_LINES;

  /**
   * The format that a file's name says.
   *
   * @throws DataException if the ending is none of the known ones
   */
  public static DataFormat of(Path file) throws DataException {
    String name = plainName(file);
    if (name.endsWith(".csv") || name.endsWith(".tsv")) {
      return CSV;
    }
    if (name.endsWith(".svm") || name.endsWith(".libsvm")) {
      return LIBSVM;
    }
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson") || name.endsWith(".json")) {
      return JSON_LINES;
    }
    throw new DataException(
        file.getFileName()
            + ": the ending says no format; known: .csv, .tsv, .svm, .libsvm, .jsonl, .ndjson,"
            + " .json, each also with .gz; name it with --format");
  }

  /** File name in lower case without {@code .gz}. */
  static String plainName(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
  }
}
