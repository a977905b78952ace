package io.millrace.operators.learner;

import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.operators.journal.WaitingEvent;
import java.util.Arrays;

/** Rows of the record at hand that wait for their mini-batch to fill, and where they come from. */
final class FreshRows {
  private Rows rows;
  private Rows spare;
  private int[] index = new int[4];
  private long[] time = new long[4];

  /** The label that came before the row, if it came by itself; else null. */
  private WaitingEvent[] label = new WaitingEvent[4];

  FreshRows(OnlineLearner base) {
    rows = base.newRows();
    spare = base.newRows();
  }

  /** Where rows are read into. */
  Rows rows() {
    return rows;
  }

  int count() {
    return rows.count();
  }

  void clear() {
    rows.clear();
  }

  /** Says where the last row comes from. */
  void note(int itemIndex, long eventTime, WaitingEvent itsLabel) {
    int n = rows.count() - 1;
    if (n == index.length) {
      index = Arrays.copyOf(index, 2 * n);
      time = Arrays.copyOf(time, 2 * n);
      label = Arrays.copyOf(label, 2 * n);
    }
    index[n] = itemIndex;
    time[n] = eventTime;
    label[n] = itsLabel;
  }

  /** Index of a row's item in its record. */
  int index(int row) {
    return index[row];
  }

  /** Event time of a row. */
  long time(int row) {
    return time[row];
  }

  /** The label that came before a row by itself, null: it came with its own. */
  WaitingEvent label(int row) {
    return label[row];
  }

  /** Forgets all rows but the last one; how many. */
  int abandonAllButLast() {
    int n = rows.count() - 1;
    if (n > 0) {
      spare.clear();
      spare.addRow(rows, n);
      Rows t = rows;
      rows = spare;
      spare = t;
    }
    return n;
  }

  /** Takes the rows of the other, which begins anew. */
  void swap(FreshRows other) {
    Rows r = rows;
    rows = other.rows;
    other.rows = r;
    int[] i = index;
    index = other.index;
    other.index = i;
    long[] t = time;
    time = other.time;
    other.time = t;
    WaitingEvent[] l = label;
    label = other.label;
    other.label = l;
    r.clear();
  }
}
