package io.millrace.cli.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that reads a data file; a picocli mixin. */
public final class DataArguments {
  private static final CSVFormat LIST =
      CSVFormat.DEFAULT.builder().setIgnoreSurroundingSpaces(true).get();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--data",
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
      paramLabel = "C,...",
      description =
          "Class names in order of their index. Default: those of the file, sorted. A name with a"
              + " comma is quoted, here and in every list: '\"yes, sir\",no'.")
  List<String> classes = List.of();

  @Option(
      names = "--encode",
      defaultValue = "auto",
      paramLabel = "E",
      description =
          "dense, sparse, named (hashed by name) or auto: sparse for LIBSVM, named where a column"
              + " holds words that are not one-hot, else dense; what was chosen is said.")
  String encode = "auto";

  @Option(
      names = "--one-hot",
      paramLabel = "COL,...",
      description =
          "Columns with few values: one coordinate per value, in order of first appearance, behind"
              + " the numeric columns.")
  List<String> oneHot = List.of();

  @Option(
      names = "--nominal",
      paramLabel = "COL,...",
      description =
          "Columns with few values, for learners that know them, such as tree and forest: one"
              + " coordinate, behind the numeric columns, that holds the place of the value in order of"
              + " first appearance.")
  List<String> nominal = List.of();

  @Option(
      names = "--categorical",
      paramLabel = "COL,...",
      description = "Columns of names although they look like numbers. Default: those with words.")
  List<String> categorical = List.of();

  @Option(
      names = "--numeric",
      paramLabel = "COL,...",
      description = "Columns that must be numbers: a cell that is none is a fault.")
  List<String> numeric = List.of();

  @Option(
      names = "--log",
      paramLabel = "COL,...",
      description = "Numeric columns to replace by sign(v) ln(1 + |v|).")
  List<String> log = List.of();

  @Option(names = "--ignore", paramLabel = "COL,...", description = "Columns to leave out.")
  List<String> ignore = List.of();

  @Option(
      names = "--missing",
      paramLabel = "V",
      description =
          "Number for an empty cell. Default: the feature is absent; a fault in a dense row.")
  Double missing;

  @Option(
      names = "--absent",
      paramLabel = "TEXT,...",
      description = "Texts of cells that count as empty, for example '?,NA'.")
  List<String> absent = List.of();

  @Option(
      names = "--delimiter",
      paramLabel = "C",
      description =
          "Character between the cells of a CSV file, or tab. Default: a comma, a tab for .tsv.")
  String delimiter;

  @Option(names = "--key-column", paramLabel = "COL", description = "Column of the model key.")
  String key;

  @Option(names = "--id-column", paramLabel = "COL", description = "Column of the event id.")
  String id;

  @Option(
      names = "--time-column",
      paramLabel = "COL",
      description = "Column of the event time: ISO 8601, or a number since 1970-01-01.")
  String eventTime;

  @Option(
      names = "--time-unit",
      paramLabel = "U",
      description =
          "Unit of event times that are numbers: s, ms, us or ns. Default: ms, where a number is not"
              + " far more likely to be something else.")
  String timeUnit;

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
      description =
          "Most values of a one-hot or nominal column and most classes. Default: ${DEFAULT-VALUE}.")
  int maxCategories = 1000;

  /** The file, without which most commands have nothing to do. */
  public Path file() {
    if (data == null) {
      throw new ParameterException(spec.commandLine(), "Missing required option: '--data=FILE'");
    }
    return data;
  }

  /** Whether a file was named. */
  public boolean given() {
    return data != null;
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
    if (missing != null && !Double.isFinite(missing)) {
      throw new DataException("--missing " + missing + "; must be a finite number");
    }
    if (timeUnit != null && !EventTimes.UNITS.containsKey(timeUnit)) {
      throw new DataException("--time-unit " + timeUnit + "; known: s, ms, us, ns");
    }
    return new DataOptions(
        format == null ? null : constant(DataFormat.class, "--format", format),
        constant(DataOptions.Encoding.class, "--encode", encode),
        label,
        numericLabel,
        list("--classes", classes),
        key,
        id,
        eventTime,
        weight,
        set("--ignore", ignore),
        set("--numeric", numeric),
        set("--categorical", categorical),
        set("--one-hot", oneHot),
        set("--nominal", nominal),
        set("--log", log),
        missing,
        dimension,
        character(),
        set("--absent", absent),
        timeUnit,
        indexBase,
        maxCategories);
  }

  private Character character() throws DataException {
    if (delimiter == null) {
      return null;
    }
    if (delimiter.equals("tab") || delimiter.equals("\\t")) {
      return '\t';
    }
    if (delimiter.length() != 1 || "\"\r\n".contains(delimiter)) {
      throw new DataException("--delimiter " + delimiter + "; must be one character, or tab");
    }
    return delimiter.charAt(0);
  }

  private static Set<String> set(String option, List<String> given) throws DataException {
    return new LinkedHashSet<>(list(option, given));
  }

  /** The names in the lists given, each separated by commas as in a line of a CSV file. */
  private static List<String> list(String option, List<String> given) throws DataException {
    List<String> names = new ArrayList<>();
    for (String line : given) {
      try (CSVParser parser = CSVParser.parse(line, LIST)) {
        parser.forEach(record -> record.forEach(names::add));
      } catch (IOException | UncheckedIOException | IllegalStateException e) {
        throw new DataException(
            option + " " + line + "; must be names with commas between, quoted where they hold one",
            e);
      }
    }
    if (names.contains("")) {
      throw new DataException(option + " " + String.join(",", given) + "; one name is empty");
    }
    return names;
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
