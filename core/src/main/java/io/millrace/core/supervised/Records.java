package io.millrace.core.supervised;

import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.state.CoordinateTable;
import java.util.Arrays;

/**
 * Where the coordinates of a mini-batch have their records in a key's table. Reused. Not
 * thread-safe.
 */
final class Records {
  private final RecordForm form;
  private final RecordForm.Start start;
  private final PhiloxDraws draws;
  private int[] at = new int[64];

  /** Records of features without one, at their places; of zero start, one that suits all. */
  private double[] fresh;

  private int[] statistics = new int[64];
  private CoordinateTable table;

  /**
   * Places yet to be found.
   *
   * @param seed of the job
   */
  Records(RecordForm form, long seed) {
    this.form = form;
    this.start = form.new Start();
    this.draws = new PhiloxDraws(seed, "");
    this.fresh = form.zero();
  }

  /** The table that was looked in. */
  CoordinateTable table() {
    return table;
  }

  /** Where the record of each mapped coordinate begins; negative: it has none. */
  int[] at() {
    return at;
  }

  /** Holds what those without a record begin with; see {@link #freshStep}. */
  double[] fresh() {
    return fresh;
  }

  /** From where the record of mapped coordinate i begins in {@link #fresh}, divided by i. */
  int freshStep() {
    return fresh == form.zero() ? 0 : form.width();
  }

  /**
   * Looks the mapped coordinates up.
   *
   * @param stream see {@link SupervisedParts#STREAM}; null: parameters start at zero
   */
  void find(CoordinateMap map, CoordinateTable in, long[] stream) {
    table = in;
    int n = map.count();
    if (at.length < n) {
      at = new int[Math.max(n, 2 * at.length)];
    }
    int[] touched = map.touched();
    for (int i = 0; i < n; i++) {
      at[i] = in.find(touched[i]);
    }
    if (stream != null) {
      draw(touched, n, stream);
    }
  }

  /** Draws start values; a state that has no stream is one to read with, and begins at zero. */
  private void draw(int[] touched, int n, long[] stream) {
    if (stream[SupervisedParts.DRAWS] == 0) {
      fresh = form.zero();
      return;
    }
    int width = form.width();
    if (freshStep() == 0 || fresh.length < n * width) {
      fresh = new double[Math.max(n, at.length) * width];
    }
    Draws ofKey = null;
    for (int i = 0; i < n; i++) {
      if (at[i] < 0) {
        if (ofKey == null) {
          ofKey = draws.at(stream[SupervisedParts.KEY], 0).fork(Purpose.MODEL);
        }
        start.record(touched[i], ofKey, fresh, i * width);
      }
    }
  }

  /** Gives a fresh record to those that have none. */
  void add(CoordinateMap map) {
    int[] touched = map.touched();
    for (int i = 0; i < map.count(); i++) {
      if (at[i] < 0) {
        at[i] = table.add(touched[i]);
        System.arraycopy(fresh, i * freshStep(), table.values(), at[i], form.width());
      }
    }
  }

  /** Where the statistics of each mapped coordinate are, all of which have a record. */
  int[] statistics(int n) {
    int[] all = new int[n];
    for (int i = 0; i < n; i++) {
      all[i] = at[i] + form.statistics();
    }
    return all;
  }

  /**
   * Where the statistics of each coordinate of rows are, at its position; negative: it has none.
   *
   * @param from position of the first
   */
  int[] statistics(CoordinateMap map, int from, int to) {
    if (statistics.length < to) {
      statistics = Arrays.copyOf(statistics, Math.max(to, 2 * statistics.length));
    }
    int[] place = map.place();
    for (int c = from; c < to; c++) {
      int record = at[place == null ? c - from : place[c]];
      statistics[c] = record < 0 ? record : record + form.statistics();
    }
    return statistics;
  }
}
