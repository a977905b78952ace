package io.millrace.cli.data;

import java.util.Arrays;

/** A row as the file has it: cells of a table, or LIBSVM's label and pairs. Reused. */
final class RawRow {
  /** Cells of a table in use. */
  int cells;

  /** Position of the column of each cell in {@link RawReader#columns()}. */
  int[] column = new int[32];

  String[] text = new String[32];

  /** Whether the cell is a word by its syntax (a JSON string), whatever it looks like. */
  boolean[] word = new boolean[32];

  /** LIBSVM's label. */
  String label;

  /** LIBSVM's pairs in use; indices from 0, ascending. */
  int pairs;

  int[] index = new int[64];
  double[] value = new double[64];

  void clear() {
    cells = 0;
    pairs = 0;
    label = null;
  }

  void cell(int columnPosition, String cellText, boolean isWord) {
    if (cells == text.length) {
      column = Arrays.copyOf(column, cells * 2);
      text = Arrays.copyOf(text, cells * 2);
      word = Arrays.copyOf(word, cells * 2);
    }
    column[cells] = columnPosition;
    text[cells] = cellText;
    word[cells++] = isWord;
  }

  void pair(int i, double v) {
    if (pairs == index.length) {
      index = Arrays.copyOf(index, pairs * 2);
      value = Arrays.copyOf(value, pairs * 2);
    }
    index[pairs] = i;
    value[pairs++] = v;
  }
}
