package io.millrace.operators.ingress;

import io.millrace.schemas.AvroCursor;
import java.util.Arrays;

/** An array of doubles of a record, read into room that is used again. */
final class NumberList {
  private double[] values = new double[16];
  private int count;

  /** Reads the blocks of an array; on a fault of the cursor what has been read stays. */
  void read(AvroCursor c) {
    count = 0;
    for (int n; (n = c.readBlock(Double.BYTES)) > 0; ) {
      if (count + n > values.length) {
        values = Arrays.copyOf(values, Math.max(2 * values.length, count + n));
      }
      c.readDoubles(n, values, count);
      count += n;
    }
  }

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  /** The numbers from the front on; more room than numbers. Good until the next {@link #read}. */
  double[] values() {
    return values;
  }

  /** Place of the first number that is not finite; -1: all are. */
  int notFinite() {
    for (int i = 0; i < count; i++) {
      if (!(Math.abs(values[i]) <= Double.MAX_VALUE)) {
        return i;
      }
    }
    return -1;
  }
}
