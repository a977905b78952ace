package io.millrace.core.supervised;

import io.millrace.core.compute.RoughLog;
import io.millrace.core.features.Rows;
import io.millrace.core.model.Loss;

/**
 * In what unit the labels of a key are: about how far two of them are apart or, of counts, how
 * large they are. A geometric mean, which a few wild labels hardly move.
 *
 * <pre>
 * v       = |y - y of the row before|, |y| of the first row;   of counts y + 1
 * level  &lt;- level + (log2 v - level) / min(n, 10000)   where v is not 0
 * unit    = 2^level, 1 where there was none
 * </pre>
 *
 * <p>Rows count once each, whatever their weight. Stateless: the numbers are a block of {@link
 * #LENGTH} doubles.
 */
final class LabelScale {
  static final int LENGTH = 3;

  private static final double WINDOW = 10_000;
  private static final int LEVEL = 0;
  private static final int COUNT = 1;
  private static final int LAST = 2;

  private LabelScale() {}

  /** Takes the labels of all rows; the unit with them. */
  static double take(double[] block, Rows rows, Loss.LabelUnit kind) {
    for (int r = 0; r < rows.count(); r++) {
      double y = rows.label(r);
      double v = kind == Loss.LabelUnit.COUNT ? y + 1 : Math.abs(y - block[LAST]);
      if (v > 0 && v < Double.POSITIVE_INFINITY) {
        double n = Math.min(block[COUNT] + 1, WINDOW);
        block[COUNT] = n;
        block[LEVEL] += (RoughLog.log2(v) - block[LEVEL]) / n;
      }
      block[LAST] = y;
    }
    return block[COUNT] == 0 ? 1 : RoughLog.exp2(block[LEVEL]);
  }
}
