package io.millrace.operators.ingress;

import io.millrace.core.features.FeatureHasher;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.schemas.AvroCursor;
import io.millrace.schemas.Reason;
import io.millrace.schemas.StrictUtf8;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads the union of features behind a cursor into the open row. Always passes over the whole value
 * where its structure allows, so that the next item of a batch can be read after a fault.
 */
final class FeatureReader {
  private static final int DENSE = 0;
  private static final int SPARSE = 1;
  private static final int DENSE_DOUBLES = 3;
  private static final int SPARSE_DOUBLES = 4;

  /** The kind of each branch. */
  private static final InputSpec.Kind[] KINDS = {
    InputSpec.Kind.DENSE,
    InputSpec.Kind.SPARSE,
    InputSpec.Kind.NAMED,
    InputSpec.Kind.DENSE,
    InputSpec.Kind.SPARSE
  };

  /** Up to this width unordered indices are checked by a bitmap, above by sorting. */
  private static final int BITMAP_WIDTH = 1 << 22;

  private final InputSpec spec;
  private final InputSpec.Kind kind;
  private final int width;
  private final int maxFeatures;
  private final FeatureHasher hasher;
  private final CoordinateMerge merge;
  private long[] bitmap;
  private int[] sorted = new int[0];

  FeatureReader(InputSpec spec) {
    this.spec = spec;
    kind = spec.kind();
    width = spec.width();
    maxFeatures = spec.maxFeatures();
    boolean named = spec.kind() == InputSpec.Kind.NAMED;
    hasher = named ? new FeatureHasher(spec.hashBits()) : null;
    merge = named ? new CoordinateMerge() : null;
  }

  /** Hash collisions among named features so far. */
  long collisions() {
    return hasher == null ? 0 : hasher.collisions();
  }

  /**
   * Reads one value.
   *
   * @param rows its open row takes the coordinates; what is in it after a fault is undefined
   */
  void read(AvroCursor c, Rows rows, Fault fault) {
    int branch = c.readIndex(KINDS.length);
    if (KINDS[branch] != kind && !c.failed()) {
      fault.set(
          Reason.WRONG_FEATURE_KIND,
          "features are " + name(KINDS[branch]) + ", model expects " + name(kind));
    }
    if (!fault.none()) {
      skip(c, branch);
      return;
    }
    switch (branch) {
      case DENSE -> dense(c, Float.BYTES, rows, fault);
      case SPARSE -> sparse(c, Float.BYTES, rows, fault);
      case DENSE_DOUBLES -> dense(c, Double.BYTES, rows, fault);
      case SPARSE_DOUBLES -> sparse(c, Double.BYTES, rows, fault);
      default -> named(c, rows, fault);
    }
  }

  private static String name(InputSpec.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** Values of a vector, of floats or of doubles by their size. */
  private static void values(AvroCursor c, int bytes, int n, double[] out, int at) {
    if (bytes == Float.BYTES) {
      c.readFloats(n, out, at);
    } else {
      c.readDoubles(n, out, at);
    }
  }

  private void dense(AvroCursor c, int bytes, Rows rows, Fault fault) {
    int base = rows.start(rows.count());
    int total = 0;
    for (int n; (n = c.readBlock(bytes)) > 0; total += n) {
      if (n <= width - total) {
        int at = rows.extend(n);
        values(c, bytes, n, rows.value(), at);
      } else {
        c.skip(n * bytes);
      }
    }
    if (c.failed()) {
      return;
    }
    if (total != width) {
      fault.set(
          Reason.DIMENSION_MISMATCH, "features has " + total + " values, model expects " + width);
      return;
    }
    finite(rows, base, fault);
  }

  private void sparse(AvroCursor c, int bytes, Rows rows, Fault fault) {
    int base = rows.start(rows.count());
    int total = 0;
    for (int n; (n = c.readBlock(1)) > 0; total += n) {
      if (n <= maxFeatures - total) {
        int at = rows.extend(n);
        c.readInts(n, rows.index(), at);
      } else {
        skipInts(c, n);
      }
    }
    int values = 0;
    for (int n; (n = c.readBlock(bytes)) > 0; values += n) {
      if (n <= total - values && total <= maxFeatures) {
        values(c, bytes, n, rows.value(), base + values);
      } else {
        c.skip(n * bytes);
      }
    }
    if (c.failed()) {
      return;
    }
    if (total > maxFeatures) {
      tooMany(total, fault);
    } else if (values != total) {
      fault.set(
          Reason.LENGTH_MISMATCH,
          "features has " + total + " indices and " + values + " values, must be as many");
    } else {
      indices(rows, base, total, fault);
      finite(rows, base, fault);
    }
  }

  private void indices(Rows rows, int base, int n, Fault fault) {
    int[] index = rows.index();
    boolean increasing = true;
    int previous = -1;
    for (int k = base; k < base + n; k++) {
      int i = index[k];
      if (i < 0 || i >= width) {
        fault.set(
            Reason.INDEX_OUT_OF_RANGE,
            "features has index " + i + ", must lie in [0, " + (width - 1) + "]");
        return;
      }
      increasing &= i > previous;
      previous = i;
    }
    if (!increasing) {
      int twice =
          width <= BITMAP_WIDTH ? repeatedByBitmap(index, base, n) : repeated(index, base, n);
      if (twice >= 0) {
        fault.set(
            Reason.DUPLICATE_INDEX,
            "features has index " + twice + " more than once, must have each at most once");
        return;
      }
    }
    rows.markDistinct();
  }

  /** An index that is there twice, -1: none. */
  private int repeatedByBitmap(int[] index, int base, int n) {
    if (bitmap == null) {
      bitmap = new long[(width + Long.SIZE - 1) / Long.SIZE];
    }
    int twice = -1;
    for (int k = base; k < base + n; k++) {
      long bit = 1L << index[k];
      if ((bitmap[index[k] >>> 6] & bit) != 0) {
        twice = index[k];
      }
      bitmap[index[k] >>> 6] |= bit;
    }
    for (int k = base; k < base + n; k++) {
      bitmap[index[k] >>> 6] = 0;
    }
    return twice;
  }

  private int repeated(int[] index, int base, int n) {
    if (sorted.length < n) {
      sorted = new int[Math.max(n, 2 * sorted.length)];
    }
    System.arraycopy(index, base, sorted, 0, n);
    Arrays.sort(sorted, 0, n);
    for (int k = 1; k < n; k++) {
      if (sorted[k] == sorted[k - 1]) {
        return sorted[k];
      }
    }
    return -1;
  }

  /**
   * Two names on one coordinate: their values add up, as the model would have it if it saw both.
   */
  private void named(AvroCursor c, Rows rows, Fault fault) {
    merge.start(rows);
    int total = 0;
    for (int n; (n = c.readBlock(1 + Double.BYTES)) > 0; total += n) {
      for (int i = 0; i < n && !c.failed(); i++) {
        int length = c.readSlice();
        int name = c.sliceOffset();
        double v = c.readDouble();
        if (fault.none() && !c.failed() && usable(c.bytes(), name, length, total + i, fault)) {
          if (Math.abs(v) <= Double.MAX_VALUE) {
            merge.add(rows, hasher.number(c.bytes(), name, length), v);
          } else {
            fault.set(
                Reason.NOT_FINITE,
                "feature '"
                    + LabelRule.shown(c.bytes(), name, length)
                    + "' is "
                    + v
                    + ", must be finite");
          }
        }
      }
    }
    for (int n; (n = c.readBlock(2)) > 0; total += n) {
      for (int i = 0; i < n && !c.failed(); i++) {
        int length = c.readSlice();
        int name = c.sliceOffset();
        int valueLength = c.readSlice();
        int value = c.sliceOffset();
        byte[] b = c.bytes();
        if (fault.none()
            && !c.failed()
            && usable(b, name, length, total + i, fault)
            && text(b, value, valueLength, fault)) {
          merge.add(rows, hasher.category(b, name, length, b, value, valueLength), 1);
        }
      }
    }
    if (!c.failed() && fault.none()) {
      rows.markDistinct(); // what came twice has been added up
      finite(rows, rows.start(rows.count()), fault); // sums may overflow
    }
  }

  private boolean usable(byte[] b, int name, int length, int position, Fault fault) {
    if (position >= maxFeatures) {
      tooMany(position + 1, fault);
      return false;
    }
    return text(b, name, length, fault);
  }

  private static boolean text(byte[] b, int offset, int length, Fault fault) {
    if (StrictUtf8.valid(b, offset, length)) {
      return true;
    }
    fault.set(
        Reason.MALFORMED,
        "features has the text '" + LabelRule.shown(b, offset, length) + "', must be UTF-8");
    return false;
  }

  private void tooMany(int n, Fault fault) {
    fault.set(
        Reason.TOO_MANY_FEATURES,
        "features has "
            + n
            + (spec.kind() == InputSpec.Kind.NAMED ? " or more entries" : " entries")
            + ", limits.features-per-example is "
            + maxFeatures);
  }

  private static void finite(Rows rows, int base, Fault fault) {
    double[] value = rows.value();
    int end = base + rows.pendingCoordinates();
    long exponents = 0; // bit 11 as soon as one exponent is all ones
    for (int k = base; k < end; k++) {
      exponents |= (Double.doubleToRawLongBits(value[k]) >>> 52 & 0x7ff) + 1;
    }
    if ((exponents & 0x800) != 0) {
      for (int k = base; k < end; k++) {
        if (!(Math.abs(value[k]) <= Double.MAX_VALUE)) {
          int coordinate = rows.dense() ? k - base : rows.index()[k];
          fault.set(
              Reason.NOT_FINITE,
              "features has " + value[k] + " at coordinate " + coordinate + ", must be finite");
          return;
        }
      }
    }
  }

  /** Passes over one value, checking its structure as {@link #read} does. */
  static void skip(AvroCursor c) {
    skip(c, c.readIndex(KINDS.length));
  }

  private static void skip(AvroCursor c, int branch) {
    int bytes = branch == DENSE || branch == SPARSE ? Float.BYTES : Double.BYTES;
    switch (KINDS[branch]) {
      case DENSE -> skipValues(c, bytes);
      case SPARSE -> {
        for (int n; (n = c.readBlock(1)) > 0; ) {
          skipInts(c, n);
        }
        skipValues(c, bytes);
      }
      case NAMED -> {
        for (int n; (n = c.readBlock(1 + Double.BYTES)) > 0; ) {
          for (int i = 0; i < n && !c.failed(); i++) {
            c.readSlice();
            c.skip(Double.BYTES);
          }
        }
        for (int n; (n = c.readBlock(2)) > 0; ) {
          for (int i = 0; i < n && !c.failed(); i++) {
            c.readSlice();
            c.readSlice();
          }
        }
      }
    }
  }

  private static void skipValues(AvroCursor c, int bytes) {
    for (int n; (n = c.readBlock(bytes)) > 0; ) {
      c.skip(n * bytes);
    }
  }

  private static void skipInts(AvroCursor c, int n) {
    for (int i = 0; i < n; i++) {
      c.readInt();
    }
  }
}
