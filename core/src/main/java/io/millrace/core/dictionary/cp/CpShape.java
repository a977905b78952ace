package io.millrace.core.dictionary.cp;

import io.millrace.core.ConfigException;
import io.millrace.core.dictionary.MethodSettings;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Signals that are matrices {@code d1 x d2}, row by row, and atoms {@code u_j v_j'}. Factors are
 * atom-major: {@code U[K][d1]}, {@code V[K][d2]}.
 *
 * @param rows d1
 * @param columns d2
 * @param atoms K
 */
record CpShape(int rows, int columns, int atoms) {
  private static final String ROWS = "rows";

  /** Rows of a signal. */
  static Hyper hyper(int dimension) {
    return Hyper.structural(
        ROWS,
        0,
        Range.integers(0, Math.max(1, dimension)),
        "rows of a signal read as a matrix, row by row; must be given, and divide its length");
  }

  private static List<Integer> divisors(int dimension) {
    return IntStream.rangeClosed(1, dimension).filter(r -> dimension % r == 0).boxed().toList();
  }

  /**
   * The shape of a method's signals.
   *
   * @throws ConfigException where rows are not given, or signals do not fill whole ones
   */
  static CpShape of(MethodSettings s) {
    int dimension = s.dimension();
    int rows = (int) s.values().get(hyper(dimension));
    if (rows == 0) {
      throw new ConfigException(
          "dictionary.rows is not given; must be one of "
              + divisors(dimension)
              + ", the rows of a signal of length "
              + dimension
              + " read as a matrix row by row, because atoms are outer products");
    }
    if (dimension % rows != 0) {
      throw new ConfigException(
          "dictionary.rows = "
              + rows
              + "; must divide "
              + dimension
              + ", the length of a signal, because atoms are outer products");
    }
    return new CpShape(rows, dimension / rows, s.atoms());
  }

  /** m = d1 d2. */
  int dimension() {
    return rows * columns;
  }

  /** Length of a factor. */
  int length(boolean first) {
    return first ? rows : columns;
  }

  /**
   * {@code D_j = u_j v_j'}.
   *
   * @param d [K x m], overwritten
   */
  void atoms(double[] u, double[] v, double[] d) {
    int at = 0;
    for (int j = 0; j < atoms; j++) {
      for (int a = 0; a < rows; a++) {
        double ua = u[j * rows + a];
        for (int b = 0; b < columns; b++) {
          d[at++] = ua * v[j * columns + b];
        }
      }
    }
  }

  /**
   * Matrices, one per atom, times the other factor: {@code S_j v_j}, or {@code S_j' u_j}.
   *
   * @param s [K x m]
   * @param first whether the result is for U
   * @param other V, or U
   * @param out [K x d1], or [K x d2], overwritten
   */
  void contract(double[] s, boolean first, double[] other, double[] out) {
    int length = length(first);
    int count = length(!first);
    int outer = first ? columns : 1;
    int inner = first ? 1 : columns;
    for (int j = 0; j < atoms; j++) {
      int base = j * dimension();
      for (int a = 0; a < length; a++) {
        double sum = 0;
        for (int b = 0; b < count; b++) {
          sum += s[base + a * outer + b * inner] * other[j * count + b];
        }
        out[j * length + a] = sum;
      }
    }
  }
}
