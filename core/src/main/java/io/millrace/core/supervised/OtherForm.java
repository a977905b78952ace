package io.millrace.core.supervised;

import io.millrace.core.scaling.FeatureScaler;
import io.millrace.core.state.CoordinateTable;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;

/**
 * Brings the state of a learner from one form to the other, so that a job may be continued in
 * another form than it was written in. Both hold the same numbers: a feature whose numbers are all
 * as they begin has no record.
 */
final class OtherForm {
  private final SupervisedParts dense;
  private final RecordForm records;
  private final int width;

  /**
   * The two forms.
   *
   * @param dense parts of the learner with the dense form
   * @param records of the sparse form
   */
  OtherForm(SupervisedParts dense, RecordForm records) {
    this.dense = dense;
    this.records = records;
    this.width = dense.blocks().width();
  }

  /**
   * The state with records for the features that are not as they begin.
   *
   * @param to a sparse state of the key as it begins; filled and answered
   */
  LearnerState toSparse(LearnerState from, LearnerState to, SupervisedScratch scratch) {
    CoordinateTable table = to.table(SupervisedParts.FEATURES);
    double[] record = new double[records.width()];
    int[] one = new int[1];
    for (int j = 0; j < width; j++) {
      copy(from, j, record, 0, false);
      one[0] = j;
      scratch.seen(one, to);
      if (!Arrays.equals(record, 0, record.length, scratch.records().fresh(), 0, record.length)) {
        int at = table.add(j);
        System.arraycopy(record, 0, table.values(), at, record.length);
      }
    }
    return rest(from, to, to.schema());
  }

  /**
   * The state with all features.
   *
   * @param to a dense state of the key as it begins; filled and answered
   */
  LearnerState toDense(LearnerState from, LearnerState to) {
    CoordinateTable table = from.table(SupervisedParts.FEATURES);
    for (int r = 0; r < table.count(); r++) {
      copy(to, table.coordinates()[r], table.values(), r * table.width(), true);
    }
    return rest(from, to, from.schema());
  }

  /** Copies the numbers of a feature between the blocks of the dense form and a record. */
  private void copy(LearnerState whole, int feature, double[] record, int at, boolean toWhole) {
    int offset = rows(whole.block(0), feature, record, at, toWhole);
    SlotTable slots = dense.slots();
    for (int i = 0; i < slots.count(); i++) {
      if (slots.elementwise(i)) {
        offset = rows(whole.block(1 + i), feature, record, offset, toWhole);
      }
    }
    if (records.statistics() >= 0) {
      double[] seen = whole.block(FeatureScaler.SEEN);
      move(seen, 2 * feature, record, at + records.statistics(), 2, toWhole);
    }
  }

  /** Copies a feature's row of each matrix; answers where the next numbers of the record are. */
  private int rows(double[] whole, int feature, double[] record, int at, boolean toWhole) {
    int start = 0;
    int offset = at;
    for (int s : records.strides()) {
      move(whole, start + feature * s, record, offset, s, toWhole);
      start += width * s;
      offset += s;
    }
    return offset;
  }

  private static void move(double[] whole, int i, double[] record, int at, int n, boolean toWhole) {
    if (toWhole) {
      System.arraycopy(record, at, whole, i, n);
    } else {
      System.arraycopy(whole, i, record, at, n);
    }
  }

  /** Copies what is no feature's: the ends of arrays over parameters, and all other blocks. */
  private LearnerState rest(LearnerState from, LearnerState to, StateSchema sparse) {
    for (int i = 0; i < sparse.size(); i++) {
      boolean both = !sparse.name(i).equals(SupervisedParts.FORGOTTEN);
      if (both && sparse.type(i) == StateSchema.Type.DOUBLES) {
        double[] a = from.block(sparse.name(i));
        double[] b = to.block(sparse.name(i));
        int n = sparse.length(i);
        System.arraycopy(a, a.length - n, b, b.length - n, n);
      }
    }
    to.setSteps(from.steps());
    to.setVersion(from.version());
    return to;
  }
}
