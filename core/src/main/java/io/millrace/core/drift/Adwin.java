package io.millrace.core.drift;

/**
 * ADWIN: a window that grows as long as its mean stays, and loses its old part where two parts of
 * it have different means. Bifet, Gavalda, "Learning from Time-Changing Data with Adaptive
 * Windowing", SDM 2007, algorithm ADWIN2.
 *
 * <pre>
 * row i holds buckets of 2^i values, oldest first; one with more than M merges its two oldest into row i + 1
 * at every cut of the window into an older part of n0 values and a newer of n1, m = 1/(n0 - L + 1) + 1/(n1 - L + 1):
 *   eps = sqrt(2 m (V/W) d) + 2/3 d m,   d = ln(2 ln(W) / delta)
 *   |mean0 - mean1| &gt; eps: the oldest bucket is dropped, and all cuts are tried again
 * </pre>
 *
 * <p>Cuts are tried after every {@code clock} values, at every boundary of two buckets. Deviations
 * from the paper: parts of fewer than L values are not compared; a window of more than M 2^20
 * values or so drops its oldest bucket, so that its size is bounded. Immutable: the numbers are
 * {@link #length()} doubles in the caller's block, zeros at first. Some 15 flops a value, and 20
 * for every bucket when cuts are tried.
 *
 * @param delta how probable a false alarm may be, in (0, 1)
 * @param clock values from one trial to the next, at least 1
 * @param most buckets in a row, M, at least 1
 * @param least values in a part, L, at least 1
 * @param grace values in the window before anything is tried
 */
public record Adwin(double delta, int clock, int most, int least, int grace) implements Detector {
  private static final int ROWS = 20;
  private static final int WIDTH = 0;
  private static final int TOTAL = 1;
  private static final int VARIANCE = 2; // times the width
  private static final int SEEN = 3;
  private static final int FIRST_ROW = 4;

  /** The usual one: clock 32, five buckets a row, parts of five, ten values at first. */
  public Adwin(double delta) {
    this(delta, 32, 5, 5, 10);
  }

  @Override
  public int length() {
    return FIRST_ROW + ROWS * rowLength();
  }

  /** A count, and room for one bucket more than stay. */
  private int rowLength() {
    return 1 + 2 * (most + 1);
  }

  /**
   * Takes a value, for those who ask for no statistic.
   *
   * @param block holds the numbers from {@code at} on, modified
   */
  public Signal add(double[] block, int at, double x) {
    return take(block, at, x, null);
  }

  /** The statistic is the difference of the two means at the cut that tells, or nearly does. */
  @Override
  public Signal add(double[] block, int at, double x, DetectorContext context) {
    return take(block, at, x, context);
  }

  /** Takes a value; without a context no statistic is left. */
  private Signal take(double[] block, int at, double x, DetectorContext context) {
    double width = block[at + WIDTH];
    if (width > 0) {
      double d = x - block[at + TOTAL] / width;
      block[at + VARIANCE] += width * d * d / (width + 1);
    }
    block[at + WIDTH] = width + 1;
    block[at + TOTAL] += x;
    append(block, at, 0, x, 0);
    compress(block, at);
    block[at + SEEN]++;
    if ((long) block[at + SEEN] % clock != 0 || width + 1 <= grace) {
      return Signal.CALM;
    }
    double before = mean(block, at);
    boolean cut = false;
    // After the first cut the statistic is that of the change.
    while (differs(block, at, cut ? null : context)) {
      dropOldest(block, at);
      cut = true;
    }
    return !cut ? Signal.CALM : mean(block, at) > before ? Signal.ROSE : Signal.FELL;
  }

  /** Values in the window. */
  public double width(double[] block, int at) {
    return block[at + WIDTH];
  }

  /** Sum of the values in the window. */
  public double total(double[] block, int at) {
    return block[at + TOTAL];
  }

  /** Sum of squared distances to the window's mean. */
  public double squares(double[] block, int at) {
    return block[at + VARIANCE];
  }

  /** Buckets in use. */
  public int buckets(double[] block, int at) {
    int sum = 0;
    for (int row = 0; row < ROWS; row++) {
      sum += (int) block[row(at, row)];
    }
    return sum;
  }

  private static double mean(double[] block, int at) {
    return block[at + TOTAL] / block[at + WIDTH];
  }

  private int row(int at, int row) {
    return at + FIRST_ROW + row * rowLength();
  }

  private void append(double[] block, int at, int row, double sum, double squares) {
    int start = row(at, row);
    int bucket = start + 1 + 2 * (int) block[start];
    block[bucket] = sum;
    block[bucket + 1] = squares;
    block[start]++;
  }

  private void compress(double[] block, int at) {
    double n = 1;
    for (int row = 0; block[row(at, row)] > most; row++, n *= 2) {
      if (row == ROWS - 1) {
        dropOldest(block, at);
        return;
      }
      int a = row(at, row) + 1;
      double d = block[a] / n - block[a + 2] / n;
      double sum = block[a] + block[a + 2];
      double squares = block[a + 1] + block[a + 3] + n * d * d / 2;
      removeFirst(block, at, row);
      removeFirst(block, at, row);
      append(block, at, row + 1, sum, squares);
    }
  }

  private void removeFirst(double[] block, int at, int row) {
    int start = row(at, row);
    int left = (int) --block[start];
    System.arraycopy(block, start + 3, block, start + 1, 2 * left);
  }

  private int lastRow(double[] block, int at) {
    int row = ROWS - 1;
    while (block[row(at, row)] == 0) {
      row--;
    }
    return row;
  }

  private void dropOldest(double[] block, int at) {
    int row = lastRow(block, at);
    double n = Math.scalb(1.0, row);
    double sum = block[row(at, row) + 1];
    double squares = block[row(at, row) + 2];
    double width = block[at + WIDTH] - n;
    double total = block[at + TOTAL] - sum;
    double d = sum / n - total / width;
    block[at + WIDTH] = width;
    block[at + TOTAL] = total;
    block[at + VARIANCE] -= squares + n * width * d * d / (n + width);
    removeFirst(block, at, row);
  }

  /** Whether some cut leaves two parts of different means. */
  private boolean differs(double[] block, int at, DetectorContext context) {
    double width = block[at + WIDTH];
    double total = block[at + TOTAL];
    double variance = Math.max(0, block[at + VARIANCE] / width); // below 0 by rounding only
    double d = StrictMath.log(2 * StrictMath.log(width) / delta);
    double n0 = 0;
    double u0 = 0;
    double nearest = Double.NEGATIVE_INFINITY;
    for (int row = lastRow(block, at); row >= 0; row--) {
      double n = Math.scalb(1.0, row);
      int start = row(at, row);
      for (int b = 0; b < block[start]; b++) {
        n0 += n;
        u0 += block[start + 1 + 2 * b];
        double n1 = width - n0;
        if (n1 < least) {
          return false;
        }
        if (n0 >= least) {
          double m = 1 / (n0 - least + 1) + 1 / (n1 - least + 1);
          double eps = Math.sqrt(2 * m * variance * d) + 2.0 / 3 * d * m;
          double difference = Math.abs(u0 / n0 - (total - u0) / n1);
          if (context != null && difference - eps > nearest) {
            nearest = difference - eps;
            context.tested(difference, eps);
          }
          if (difference > eps) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
