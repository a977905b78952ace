package io.millrace.core.supervised;

import io.millrace.core.state.LearnerState;

/**
 * {@link PackedArrays} of a key that holds only the features it has seen, from their records in the
 * key's table. A feature that has none begins as it would have begun in a key that holds all, and
 * is given a record when the step is stored.
 */
final class SeenArrays extends PackedArrays {
  private final RecordForm form;
  private final Records records;

  /**
   * Arrays for up to {@code length} parameters.
   *
   * @param map of the features at hand, kept: aimed before {@link #load}
   * @param records of these features, kept: found before {@link #load}
   */
  SeenArrays(SlotTable table, int length, RecordForm form, CoordinateMap map, Records records) {
    super(table, length, map);
    this.form = form;
    this.records = records;
  }

  /** Copies numbers of the records, and those of no feature behind them. */
  @Override
  void gather(int place, double[] rest, double[] to) {
    int[] at = records.at();
    double[] values = records.table().values();
    double[] fresh = records.fresh();
    int step = records.freshStep();
    int n = map.count();
    int start = 0;
    int o = place * form.stride();
    for (int s : form.strides()) {
      if (s == 1) {
        for (int i = 0; i < n; i++) {
          int record = at[i];
          to[start + i] = record < 0 ? fresh[i * step + o] : values[record + o];
        }
      } else {
        for (int i = 0; i < n; i++) {
          boolean seen = at[i] >= 0;
          double[] from = seen ? values : fresh;
          int first = (seen ? at[i] : i * step) + o;
          for (int k = 0; k < s; k++) {
            to[start + i * s + k] = from[first + k];
          }
        }
      }
      start += n * s;
      o += s;
    }
    int tail = form.tail();
    for (int i = 0; i < tail; i++) {
      to[start + i] = rest[i];
    }
    for (int i = start + tail; i < to.length; i++) {
      to[i] = 0;
    }
  }

  @Override
  void scatter(double[] from, int place, double[] rest) {
    int[] at = records.at();
    double[] values = records.table().values();
    int n = map.count();
    int start = 0;
    int o = place * form.stride();
    for (int s : form.strides()) {
      if (s == 1) {
        for (int i = 0; i < n; i++) {
          values[at[i] + o] = from[start + i];
        }
      } else {
        for (int i = 0; i < n; i++) {
          for (int k = 0; k < s; k++) {
            values[at[i] + o + k] = from[start + i * s + k];
          }
        }
      }
      start += n * s;
      o += s;
    }
    for (int i = 0; i < form.tail(); i++) {
      rest[i] = from[start + i];
    }
  }

  @Override
  void store(LearnerState state) {
    records.add(map);
    super.store(state);
  }
}
