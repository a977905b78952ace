package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;

/**
 * Matrices of golden files: nested lists, row-major, atoms, signals and codes as columns. The
 * production classes hold one atom, signal or code after another.
 */
final class Matrices {
  private Matrices() {}

  /** Columns one after another: an m x n list becomes [n x m]; both at least 1. */
  static double[] columns(String what, JsonNode matrix) {
    int rows = rows(what, matrix);
    int columns = columnCount(what, matrix);
    double[] byColumn = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      double[] row = Fields.flat(what + "[" + i + "]", matrix.get(i), columns);
      for (int j = 0; j < columns; j++) {
        byColumn[j * rows + i] = row[j];
      }
    }
    return byColumn;
  }

  /** Columns of a matrix of a given size. */
  static double[] columns(String what, JsonNode matrix, int rows, int columns) {
    if (rows(what, matrix) != rows || columnCount(what, matrix) != columns) {
      throw new MalformedGolden(
          "'"
              + what
              + "' is "
              + rows(what, matrix)
              + "x"
              + columnCount(what, matrix)
              + ", expected "
              + rows
              + "x"
              + columns);
    }
    return columns(what, matrix);
  }

  /** Columns of a field, one after another. */
  static double[] columns(JsonNode parent, String field) {
    return columns(field, Fields.array(parent, field));
  }

  /** Columns of a field that is a matrix of a given size. */
  static double[] columns(JsonNode parent, String field, int rows, int columns) {
    return columns(field, Fields.array(parent, field), rows, columns);
  }

  /** Number of rows of a field. */
  static int rows(JsonNode parent, String field) {
    return rows(field, Fields.array(parent, field));
  }

  /** Number of columns of a field. */
  static int columnCount(JsonNode parent, String field) {
    return columnCount(field, Fields.array(parent, field));
  }

  private static int columnCount(String what, JsonNode matrix) {
    rows(what, matrix);
    return matrix.get(0).size();
  }

  private static int rows(String what, JsonNode matrix) {
    if (!matrix.isArray()
        || matrix.isEmpty()
        || !matrix.get(0).isArray()
        || matrix.get(0).isEmpty()) {
      throw new MalformedGolden("'" + what + "' is no matrix");
    }
    return matrix.size();
  }
}
