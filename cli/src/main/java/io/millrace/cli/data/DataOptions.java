package io.millrace.cli.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the columns of a file mean.
 *
 * @param format null: as the file's name says
 * @param encode how features come out
 * @param label label column; null: LIBSVM's first field, or no labels
 * @param numericLabel labels are numbers to be predicted, not classes
 * @param classes class names in order of their index; empty: those of the file, sorted
 * @param key column of the model key; null: none
 * @param id column of the event id; null: none
 * @param eventTime column of the event time; null: none
 * @param weight column of the importance; null: none
 * @param ignore columns to leave out
 * @param numeric columns that must be numbers: a cell that is none is a fault
 * @param categorical columns whose cells are names, also where they look like numbers
 * @param oneHot columns with few values, each of which becomes a coordinate of its own, in order of
 *     first appearance, behind the numeric columns
 * @param nominal columns with few values, each of which is one coordinate that holds the place of
 *     the cell's value in order of first appearance, from 0, behind the numeric columns
 * @param log numeric columns to replace by {@code sign(v) ln(1 + |v|)}
 * @param missing number for an empty cell; null: the feature is absent (sparse, named), or a fault
 *     (dense)
 * @param dimension coordinates of a dense or sparse vector; 0: as the file has
 * @param delimiter between the cells of a CSV file; null: as the file's name says
 * @param absent texts of cells that count as empty
 * @param timeUnit unit of event times that are numbers; null: milliseconds, unless that is doubtful
 * @param indexBase number of LIBSVM's first index
 * @param maxCategories most distinct values of a one-hot column, and most classes
 */
public record DataOptions(
    DataFormat format,
    Encoding encode,
    String label,
    boolean numericLabel,
    List<String> classes,
    String key,
    String id,
    String eventTime,
    String weight,
    Set<String> ignore,
    Set<String> numeric,
    Set<String> categorical,
    Set<String> oneHot,
    Set<String> nominal,
    Set<String> log,
    Double missing,
    int dimension,
    Character delimiter,
    Set<String> absent,
    String timeUnit,
    int indexBase,
    int maxCategories) {
  /** How features come out. */
  public enum Encoding {
    /** LIBSVM: sparse. Else named where a column holds words that are not one-hot, else dense. */
    AUTO,
    DENSE,
    SPARSE,
    NAMED
  }

  public DataOptions {
    classes = List.copyOf(classes);
    ignore = Set.copyOf(ignore);
    numeric = Set.copyOf(numeric);
    categorical = Set.copyOf(categorical);
    oneHot = Set.copyOf(oneHot);
    nominal = Set.copyOf(nominal);
    log = Set.copyOf(log);
    absent = Set.copyOf(absent);
  }

  /** Everything as the file has it. */
  public static DataOptions defaults() {
    return withLabel(null);
  }

  /** Everything as the file has it, labels in {@code label}. */
  public static DataOptions withLabel(String label) {
    return new DataOptions(
        null,
        Encoding.AUTO,
        label,
        false,
        List.of(),
        null,
        null,
        null,
        null,
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        null,
        0,
        null,
        Set.of(),
        null,
        1,
        1000);
  }

  /** The same with one-hot columns. */
  public DataOptions withOneHot(Set<String> columns) {
    return new DataOptions(
        format,
        encode,
        label,
        numericLabel,
        classes,
        key,
        id,
        eventTime,
        weight,
        ignore,
        numeric,
        categorical,
        columns,
        nominal,
        log,
        missing,
        dimension,
        delimiter,
        absent,
        timeUnit,
        indexBase,
        maxCategories);
  }

  /** The same with a column of weights. */
  public DataOptions withWeight(String column) {
    return new DataOptions(
        format,
        encode,
        label,
        numericLabel,
        classes,
        key,
        id,
        eventTime,
        column,
        ignore,
        numeric,
        categorical,
        oneHot,
        nominal,
        log,
        missing,
        dimension,
        delimiter,
        absent,
        timeUnit,
        indexBase,
        maxCategories);
  }

  /** Roles of the columns that are no features, by column name, in a fixed order. */
  Map<String, Column.Role> roles() throws DataException {
    Map<String, Column.Role> roles = new LinkedHashMap<>();
    put(roles, label, Column.Role.LABEL);
    put(roles, key, Column.Role.KEY);
    put(roles, id, Column.Role.ID);
    put(roles, eventTime, Column.Role.EVENT_TIME);
    put(roles, weight, Column.Role.WEIGHT);
    for (String column : ignore) {
      put(roles, column, Column.Role.IGNORED);
    }
    return roles;
  }

  private static void put(Map<String, Column.Role> roles, String column, Column.Role role)
      throws DataException {
    Column.Role before = column == null ? null : roles.put(column, role);
    if (before != null) {
      throw new DataException(
          "column '" + column + "' is named as " + before + " and as " + role + "; one is allowed");
    }
  }

  /** Columns named anywhere, for finding misspelt ones. */
  List<String> named() throws DataException {
    List<String> all = new ArrayList<>(roles().keySet());
    all.addAll(numeric);
    all.addAll(categorical);
    all.addAll(oneHot);
    all.addAll(nominal);
    all.addAll(log);
    return all;
  }
}
