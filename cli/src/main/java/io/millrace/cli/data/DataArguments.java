package io.millrace.cli.data;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of every command that reads a data file; a picocli mixin. */
public final class DataArguments {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "CSV, TSV, LIBSVM or JSON Lines file, also gzipped.")
  Path data;

  @Option(
      names = "--format",
      paramLabel = "F",
      description = "csv, libsvm or json-lines. Default: by the file's name.")
  String format;

  @Option(
      names = "--label",
      paramLabel = "COL",
      description = "Column of the label. LIBSVM: the first field, always.")
  String label;

  @Option(
      names = "--classes",
      split = ",",
      paramLabel = "C",
      description = "Class names in order of their index. Default: those of the file, sorted.")
  List<String> classes = List.of();

  @Option(
      names = "--encode",
      defaultValue = "auto",
      paramLabel = "E",
      description =
          "dense, sparse, named (hashed by name) or auto: sparse for LIBSVM, named where a column"
              + " holds words that are not one-hot, else dense.")
  String encode = "auto";

  @Option(
      names = "--one-hot",
      split = ",",
      paramLabel = "COL",
      description =
          "Columns with few values: one coordinate per value, in order of first appearance, behind"
              + " the numeric columns.")
  List<String> oneHot = List.of();

  @Option(
      names = "--categorical",
      split = ",",
      paramLabel = "COL",
      description = "Columns of names although they look like numbers. Default: those with words.")
  List<String> categorical = List.of();

  @Option(
      names = "--numeric",
      split = ",",
      paramLabel = "COL",
      description = "Columns that must be numbers: a cell that is none is a fault.")
  List<String> numeric = List.of();

  @Option(
      names = "--log",
      split = ",",
      paramLabel = "COL",
      description = "Numeric columns to replace by sign(v) ln(1 + |v|).")
  List<String> log = List.of();

  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "COL",
      description = "Columns to leave out.")
  List<String> ignore = List.of();

  @Option(
      names = "--missing",
      paramLabel = "V",
      description =
          "Number for an empty cell. Default: the feature is absent; a fault in a dense row.")
  Double missing;

  @Option(names = "--key-column", paramLabel = "COL", description = "Column of the model key.")
  String key;

  @Option(names = "--id-column", paramLabel = "COL", description = "Column of the event id.")
  String id;

  @Option(
      names = "--time-column",
      paramLabel = "COL",
      description = "Column of the event time: milliseconds since the epoch or ISO 8601.")
  String eventTime;

  @Option(
      names = "--weight-column",
      paramLabel = "COL",
      description = "Column of the importance, from 0 up.")
  String weight;

  @Option(
      names = "--dimension",
      defaultValue = "0",
      paramLabel = "N",
      description = "Coordinates of a dense or sparse vector. Default: as the file has.")
  int dimension;

  @Option(
      names = "--index-base",
      defaultValue = "1",
      paramLabel = "B",
      description = "LIBSVM's first index: 1 (default) or 0.")
  int indexBase = 1;

  @Option(
      names = "--max-categories",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Most values of a one-hot column and most classes. Default: ${DEFAULT-VALUE}.")
  int maxCategories = 1000;

  /** The file. */
  public Path file() {
    return data;
  }

  /**
   * What the columns mean.
   *
   * @param numericLabel labels are numbers to be predicted, not classes
   * @throws DataException for a value that is none of the allowed ones
   */
  public DataOptions options(boolean numericLabel) throws DataException {
    if (indexBase != 0 && indexBase != 1) {
      throw new DataException("--index-base " + indexBase + "; must be 0 or 1");
    }
    if (dimension < 0 || maxCategories < 1) {
      throw new DataException(
          "--dimension " + dimension + ", --max-categories " + maxCategories + "; from 0, from 1");
    }
    return new DataOptions(
        format == null ? null : constant(DataFormat.class, "--format", format),
        constant(DataOptions.Encoding.class, "--encode", encode),
        label,
        numericLabel,
        classes,
        key,
        id,
        eventTime,
        weight,
        set(ignore),
        set(numeric),
        set(categorical),
        set(oneHot),
        set(log),
        missing,
        dimension,
        indexBase,
        maxCategories);
  }

  private static Set<String> set(List<String> columns) {
    return new LinkedHashSet<>(columns);
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String option, String text)
      throws DataException {
    for (E e : type.getEnumConstants()) {
      if (e.name().replace('_', '-').equalsIgnoreCase(text)) {
        return e;
      }
    }
    StringBuilder known = new StringBuilder();
    for (E e : type.getEnumConstants()) {
      known.append(known.isEmpty() ? "" : ", ");
      known.append(e.name().replace('_', '-').toLowerCase(Locale.ROOT));
    }
    throw new DataException(option + " " + text + "; known: " + known);
  }
}
