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

  /** Columns one after another: an m x n list becomes [n x m]. */
  static double[] columns(String what, JsonNode matrix) {
    int rows = rows(what, matrix);
    int columns = matrix.get(0).size();
    double[] byRow = Fields.flat(what, matrix);
    if (byRow.length != rows * columns) {
      throw new MalformedGolden("rows of '" + what + "' differ in length");
    }
    double[] byColumn = new double[byRow.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        byColumn[j * rows + i] = byRow[i * columns + j];
      }
    }
    return byColumn;
  }

  /** Columns of a field, one after another. */
  static double[] columns(JsonNode parent, String field) {
    return columns(field, Fields.array(parent, field));
  }

  /** Number of rows of a field. */
  static int rows(JsonNode parent, String field) {
    return rows(field, Fields.array(parent, field));
  }

  private static int rows(String what, JsonNode matrix) {
    if (matrix.isEmpty() || !matrix.get(0).isArray()) {
      throw new MalformedGolden("'" + what + "' is no matrix");
    }
    return matrix.size();
  }
}
