package io.millrace.core.monitor;

/**
 * Errors of predicted numbers, with events that count less the longer ago they are: each multiplies
 * what was before by {@code alpha}. The running mean of the baseline is that of all labels, not
 * faded.
 *
 * <pre>
 * S &lt;- alpha S + x,  N &lt;- alpha N + 1
 * d = y - mean,  mean &lt;- mean + d / N,  SST &lt;- alpha SST + d (y - mean)
 * </pre>
 *
 * <p>Immutable: the numbers are {@link #LENGTH} doubles in the caller's block, zeros at first; 30
 * flops per event.
 */
public final class FadingErrors {
  private static final int SEEN = 0;
  private static final int LAST = 1;
  private static final int RUNNING_MEAN = 2;
  private static final int SUMS = 3;

  /** Doubles that the caller keeps. */
  public static final int LENGTH = SUMS + Errors.LENGTH;

  private final double alpha;

  /**
   * Errors.
   *
   * @param alpha in (0, 1]
   */
  public FadingErrors(double alpha) {
    this.alpha = alpha;
  }

  /**
   * Takes an event.
   *
   * @param y label, finite
   * @param prediction finite
   */
  public void take(double[] b, int at, double y, double prediction) {
    int sums = at + SUMS;
    double mean = b[sums + Errors.MEAN];
    for (int i = sums; i < sums + Errors.LENGTH; i++) {
      b[i] *= alpha;
    }
    Errors.add(b, sums, y, prediction);
    double d = y - mean;
    double moved = mean + d / b[sums + Errors.N];
    b[sums + Errors.MEAN] = moved;
    b[sums + Errors.TOTAL] += d * (y - moved);
    double seen = b[at + SEEN];
    if (seen > 0) {
      Errors.addBaselines(b, sums, y, prediction, b[at + RUNNING_MEAN], b[at + LAST]);
    }
    b[at + SEEN] = seen + 1;
    b[at + LAST] = y;
    b[at + RUNNING_MEAN] += (y - b[at + RUNNING_MEAN]) / (seen + 1);
  }

  /** Reports the figures. */
  public void report(double[] b, int at, Report out) {
    Errors.report(b, at + SUMS, b[at + SEEN], out);
  }
}
