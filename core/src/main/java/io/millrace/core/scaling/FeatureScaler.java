package io.millrace.core.scaling;

import io.millrace.core.compute.Vectors;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;

/**
 * Brings features to a common scale by running statistics of the rows learned so far; the
 * statistics are blocks of the key's state. Rows count once each, whatever their weight.
 *
 * <p>Dense rows are standardised (Welford, "Note on a Method for Calculating Corrected Sums of
 * Squares and Products", Technometrics 4, 1962):
 *
 * <pre>
 * x' = (x - mean) / sqrt(variance), 0 where the variance is 0 (so also before the first row)
 * n += 1;  delta = x - mean;  mean += delta / n;  m2 += delta (x - mean);  variance = m2 / n
 * </pre>
 *
 * Blocks: count [1], mean [d], m2 [d].
 *
 * <p>Sparse and hashed rows are divided by the root mean square of the coordinate's non-zero
 * values, and not centred, so that zeros stay zeros and cost nothing:
 *
 * <pre>
 * x' = x sqrt(count / squares), sign(x) where the coordinate has not been seen
 * count += 1;  squares += x^2        for every non-zero value
 * </pre>
 *
 * Indicators (always 1) keep their value however rare they are, and numeric columns come to the
 * scale of indicators; a root mean square over all rows, zeros included, would blow rare indicators
 * up. Block: seen [2d], count and squares of each coordinate side by side, in one cache line.
 *
 * <p>What one value can do is bounded: x' lies in [-{@link #LARGEST}, {@link #LARGEST}], and the
 * statistics of n rows take a value further off than {@code max(10, sqrt(n))} deviations as if it
 * lay there. So one wild value at most doubles the variance once there are 100 rows, while a
 * lasting change of scale is followed within some ten rows. A coordinate that has been constant so
 * far takes any value as it is, but of the first two values, if one is more than a thousand times
 * as large as the other, the smaller stands for both.
 *
 * <p>With a window w the statistics forget: once w rows (of a sparse coordinate, w non-zero values)
 * are counted, each row takes a share 1/w of the old statistics away.
 *
 * <p>The statistics are frozen while a mini-batch is learned from and advanced after its step, by
 * its rows in order. Immutable.
 */
public final class FeatureScaler {
  private static final String COUNT = "scaler.count";
  private static final String MEAN = "scaler.mean";
  private static final String M2 = "scaler.m2";
  private static final String VARIANCE = "scaler.variance";
  private static final String RMS = "scaler.rms";

  /** Block of counts and squares, of a sparse vector. */
  public static final String SEEN = "scaler.seen";

  /** Values up to 1e146 square and add up without overflow. */
  private static final double HEADROOM = 1e8;

  /** The largest size of a scaled value: ten standard deviations. */
  static final double LARGEST = 10;

  /** How many times as large one of the first two values must be to be taken for a wild one. */
  private static final double FAR = 1000;

  private static final double LARGEST_SQUARE = LARGEST * LARGEST;

  /** The square of this times a value overflows just above {@link #LARGEST}. */
  private static final double OVERFLOWS = 0x1p512 / LARGEST;

  private final boolean dense;
  private final int width;
  private final int first;
  private final double window;

  /**
   * A scaler and its place in a state.
   *
   * @param window rows that the statistics remember, infinite: all
   * @param firstBlock of the state's blocks that are this scaler's
   */
  public FeatureScaler(boolean dense, int width, double window, int firstBlock) {
    this.dense = dense;
    this.width = width;
    this.window = window;
    this.first = firstBlock;
  }

  /** Declares this scaler's blocks. */
  public void declare(StateSchema.Builder schema) {
    if (dense) {
      schema.block(COUNT, 1).block(MEAN, width).block(M2, width);
    } else {
      schema.block(SEEN, 2 * width);
    }
  }

  /** Writes the scaled coordinates of a row to {@code out}, at their positions in {@code rows}. */
  public void scale(Rows rows, int row, LearnerState state, double[] out) {
    if (dense) {
      scaleDense(rows.value(), rows.start(row), rows.end(row), state, out);
    } else {
      scaleSparse(rows.index(), rows.value(), rows.start(row), rows.end(row), state, out);
    }
  }

  private void scaleDense(double[] x, int from, int to, LearnerState state, double[] out) {
    double n = state.block(first)[0];
    if (n == 0) {
      Arrays.fill(out, from, to, 0);
      return;
    }
    double[] mean = state.block(first + 1);
    double[] m2 = state.block(first + 2);
    double share = 1 / n;
    int d = to - from;
    for (int i = 0; i < d; i++) {
      // 1 / sqrt(v), and 0 for v = 0 without a branch: loops with branches are not vectorised.
      double v = m2[i] * share;
      double scale = v / (v * Math.sqrt(v) + Double.MIN_NORMAL);
      out[from + i] = (x[from + i] - mean[i]) * scale;
    }
    if (!Vectors.squaresFinite(out, from, to, OVERFLOWS)) {
      for (int c = from; c < to; c++) {
        out[c] = bounded(out[c]);
      }
    }
  }

  private static double bounded(double v) {
    return Math.max(-LARGEST, Math.min(LARGEST, v));
  }

  private void scaleSparse(
      int[] index, double[] x, int from, int to, LearnerState state, double[] out) {
    double[] seen = state.block(first);
    for (int c = from; c < to; c++) {
      int at = 2 * index[c];
      out[c] = scaled(x[c], seen[at], seen[at + 1]);
    }
  }

  private static double scaled(double v, double n, double squares) {
    if (n == squares) { // an indicator, or not seen: no root, no division
      return n == 0 ? Math.signum(v) : bounded(v);
    }
    return bounded(v * Math.sqrt(n / squares));
  }

  /**
   * Scales a sparse row by statistics that do not lie in a block of their own.
   *
   * @param seen holds count and squares of coordinates, side by side
   * @param at where those of each coordinate of the row are, at its position; negative: it has not
   *     been seen
   * @param out written at the row's positions
   */
  public static void scale(Rows rows, int row, double[] seen, int[] at, double[] out) {
    double[] x = rows.value();
    for (int c = rows.start(row); c < rows.end(row); c++) {
      int i = at[c];
      out[c] = i < 0 ? Math.signum(x[c]) : scaled(x[c], seen[i], seen[i + 1]);
    }
  }

  /**
   * Advances statistics that do not lie in a block of their own by all rows, which are sparse.
   *
   * @param seen holds count and squares of coordinates, side by side; modified
   * @param at where those of each coordinate are, at its position in {@code rows}
   */
  public void learn(Rows rows, double[] seen, int[] at) {
    double[] x = rows.value();
    for (int c = rows.start(0); c < rows.end(rows.count() - 1); c++) {
      take(x[c], seen, at[c]);
    }
  }

  /** The first row with a value too large for the statistics, -1: none. */
  public int unfitRow(Rows rows) {
    for (int r = 0; r < rows.count(); r++) {
      if (!Vectors.squaresFinite(rows.value(), rows.start(r), rows.end(r), HEADROOM)) {
        return r;
      }
    }
    return -1;
  }

  /** Advances the statistics by all rows. */
  public void learn(Rows rows, LearnerState state) {
    for (int r = 0; r < rows.count(); r++) {
      if (dense) {
        learnDense(rows.value(), rows.start(r), rows.end(r), state);
      } else {
        learnSparse(rows.index(), rows.value(), rows.start(r), rows.end(r), state);
      }
    }
  }

  private void learnDense(double[] x, int from, int to, LearnerState state) {
    double[] count = state.block(first);
    double[] mean = state.block(first + 1);
    double[] m2 = state.block(first + 2);
    double n = count[0];
    double keep = n < window ? 1 : 1 - 1 / window;
    double next = n < window ? n + 1 : n;
    double share = 1 / next;
    count[0] = next;
    int d = to - from;
    double bound = Math.max(LARGEST_SQUARE, n);
    long beyond = 0; // negative where some value is: no branch, and no maximum to wait for
    for (int i = 0; i < d; i++) {
      double delta = x[from + i] - mean[i];
      beyond |= Double.doubleToRawLongBits(bound * m2[i] - delta * delta * n);
    }
    if (beyond >= 0) {
      for (int i = 0; i < d; i++) {
        double delta = x[from + i] - mean[i];
        double m = mean[i] + delta * share;
        mean[i] = m;
        m2[i] = keep * m2[i] + delta * (x[from + i] - m);
      }
      return;
    }
    if (n == 1) {
      second(x, from, d, mean, m2);
      return;
    }
    for (int i = 0; i < d; i++) {
      double delta = x[from + i] - mean[i];
      if (m2[i] > 0) {
        double most = Math.sqrt(bound * m2[i] / n);
        delta = Math.max(-most, Math.min(most, delta));
      }
      double moved = delta * share;
      mean[i] += moved;
      m2[i] = keep * m2[i] + delta * (delta - moved);
    }
  }

  /** Of two values of which one is far larger, the smaller stands for both. */
  private static void second(double[] x, int from, int d, double[] mean, double[] m2) {
    for (int i = 0; i < d; i++) {
      double one = mean[i];
      double two = x[from + i];
      if (Math.abs(one) > FAR * Math.abs(two)) {
        mean[i] = two;
      } else if (Math.abs(two) <= FAR * Math.abs(one)) {
        double delta = two - one;
        mean[i] = one + 0.5 * delta;
        m2[i] = 0.5 * delta * delta;
      }
    }
  }

  private void learnSparse(int[] index, double[] x, int from, int to, LearnerState state) {
    double[] seen = state.block(first);
    for (int c = from; c < to; c++) {
      take(x[c], seen, 2 * index[c]);
    }
  }

  private void take(double v, double[] seen, int at) {
    double square = v * v;
    if (square == 0) {
      return; // a value whose square underflows would leave a count without squares
    }
    double n = seen[at];
    double squares = seen[at + 1];
    double bound = Math.max(LARGEST_SQUARE, n);
    if (square * n > bound * squares) {
      square = bound * squares / n;
    }
    double keep = n < window ? 1 : 1 - 1 / window;
    seen[at] = keep * n + 1;
    seen[at + 1] = keep * squares + square;
  }

  /** Takes the statistics apart for publishing. */
  public void publish(LearnerState state, ModelWriter out) {
    int[] shape = {width};
    if (dense) {
      double n = state.block(first)[0];
      double[] variance = state.block(first + 2).clone();
      for (int i = 0; i < width; i++) {
        variance[i] = n == 0 ? 0 : variance[i] / n;
      }
      out.exact(COUNT, new int[] {1}, state.block(first));
      out.exact(MEAN, shape, state.block(first + 1));
      out.exact(VARIANCE, shape, variance);
    } else {
      double[] seen = state.block(first);
      double[] count = new double[width];
      double[] rms = new double[width];
      for (int i = 0; i < width; i++) {
        count[i] = seen[2 * i];
        rms[i] = rms(seen, 2 * i);
      }
      out.exact(COUNT, shape, count);
      out.exact(RMS, shape, rms);
    }
  }

  private static double rms(double[] seen, int at) {
    return seen[at] == 0 ? 0 : Math.sqrt(seen[at + 1] / seen[at]);
  }

  /**
   * Takes statistics apart that do not lie in a block of their own.
   *
   * @param coordinates ascending
   * @param seen holds count and squares of coordinates, side by side
   * @param at where those of each of the coordinates are
   */
  public void publish(int[] coordinates, double[] seen, int[] at, ModelWriter out) {
    double[] count = new double[coordinates.length];
    double[] rms = new double[coordinates.length];
    for (int i = 0; i < count.length; i++) {
      count[i] = seen[at[i]];
      rms[i] = rms(seen, at[i]);
    }
    int[] shape = {width};
    out.exactRows(COUNT, shape, coordinates, count);
    out.exactRows(RMS, shape, coordinates, rms);
  }

  /** Coordinates of which a published model has statistics, ascending. */
  public int[] rows(PublishedModel from) {
    return from.rows(COUNT, width);
  }

  /**
   * Puts the statistics of one coordinate to what was published.
   *
   * @param seen written to from {@code at} on
   */
  public void restore(PublishedModel from, int coordinate, double[] seen, int at) {
    double count = from.element(COUNT, coordinate);
    double rms = from.element(RMS, coordinate);
    seen[at] = count;
    seen[at + 1] = rms * rms * count;
  }

  /**
   * Refuses a model without the statistics that {@link #publish} writes. Allocates nothing.
   *
   * @throws StateException naming what is missing, of another shape or not finite
   */
  public void requireFit(PublishedModel from) {
    from.requireFinite(COUNT, dense ? 1 : width);
    if (dense) {
      from.requireFinite(MEAN, width);
      from.requireFinite(VARIANCE, width);
    } else {
      from.requireFinite(RMS, width);
    }
  }

  /**
   * Puts the statistics to what {@link #publish} wrote.
   *
   * @throws StateException naming what is missing or of another shape
   */
  public void restore(LearnerState state, PublishedModel from) {
    double[] count = from.tensor(COUNT, dense ? 1 : width);
    if (dense) {
      double[] variance = from.tensor(VARIANCE, width);
      state.block(first)[0] = count[0];
      System.arraycopy(from.tensor(MEAN, width), 0, state.block(first + 1), 0, width);
      for (int i = 0; i < width; i++) {
        state.block(first + 2)[i] = variance[i] * count[0];
      }
    } else {
      double[] rms = from.tensor(RMS, width);
      for (int i = 0; i < width; i++) {
        state.block(first)[2 * i] = count[i];
        state.block(first)[2 * i + 1] = rms[i] * rms[i] * count[i];
      }
    }
  }
}
