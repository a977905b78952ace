package io.millrace.core.supervised;

import io.millrace.core.features.Rows;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.state.LearnerState;

/**
 * As {@link TouchedArrays}, of a key that holds only the features it has seen: a packed copy of
 * parameters and slots at the features of a mini-batch, from their records in the key's table. A
 * feature that has none begins as it would have begun in a key that holds all, and is given a
 * record when the step is stored.
 */
final class SeenArrays extends StepArrays {
  private final RecordForm form;
  private final CoordinateMap map;
  private final Records records;

  /**
   * Arrays for up to {@code length} parameters.
   *
   * @param map of the features at hand, kept: aimed before {@link #load}
   * @param records of these features, kept: found before {@link #load}
   */
  SeenArrays(SlotTable table, int length, RecordForm form, CoordinateMap map, Records records) {
    super(table, ParamLayout.vector(length));
    this.form = form;
    this.map = map;
    this.records = records;
  }

  @Override
  void copyIn(LearnerState state) {
    gather(0, state.block(0), theta);
    int offset = form.stride();
    for (int i = 0; i < arrays.length; i++) {
      if (table.elementwise(i)) {
        gather(offset, state.block(1 + i), arrays[i]);
        offset += form.stride();
      } else {
        copy(state.block(1 + i), arrays[i]);
      }
    }
  }

  /** Copies numbers of the records from {@code offset} on, and those of no feature behind them. */
  private void gather(int offset, double[] rest, double[] to) {
    int[] at = records.at();
    double[] values = records.table().values();
    double[] fresh = records.fresh();
    int step = records.freshStep();
    int n = map.count();
    int start = 0;
    int o = offset;
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

  /** Writes them back: the inverse of {@link #gather}. */
  private void scatter(double[] from, int offset, double[] rest) {
    int[] at = records.at();
    double[] values = records.table().values();
    int n = map.count();
    int start = 0;
    int o = offset;
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
  int features() {
    return map.count();
  }

  @Override
  int[] feature(Rows rows) {
    return map.place();
  }

  @Override
  double[] point(LearnerState state) {
    return theta;
  }

  @Override
  double[] before(LearnerState state) {
    gather(0, state.block(0), published);
    return published;
  }

  @Override
  double[] start(int used) {
    System.arraycopy(theta, 0, published, 0, used);
    return published;
  }

  @Override
  void undo(LearnerState state) {
    // The key has not been written to.
  }

  @Override
  void store(LearnerState state) {
    records.add(map);
    scatter(theta, 0, state.block(0));
    int offset = form.stride();
    for (int i = 0; i < arrays.length; i++) {
      if (table.elementwise(i)) {
        scatter(arrays[i], offset, state.block(1 + i));
        offset += form.stride();
      } else {
        copy(arrays[i], state.block(1 + i));
      }
    }
  }
}
