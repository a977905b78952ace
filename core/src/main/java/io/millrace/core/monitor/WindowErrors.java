package io.millrace.core.monitor;

import io.millrace.core.compute.Workspace;
import java.util.Arrays;

/**
 * Errors of the predicted numbers of the last {@code w} events. The running mean of the baseline is
 * that of all labels before.
 *
 * <p>A ring of the events; sums are made of it when figures are asked for, from the oldest to the
 * newest and the mean before the squares, so that no rounding stays behind. Immutable: the numbers
 * are {@link #length()} doubles in the caller's block, zeros at first; O(1) per event, O(w) where
 * figures are asked for.
 */
public final class WindowErrors {
  private static final int SEEN = 0;
  private static final int LAST = 1;
  private static final int RUNNING_MEAN = 2;
  private static final int RING = 3;

  // An event in the ring.
  private static final int LABEL = 0;
  private static final int PREDICTION = 1;
  private static final int MEAN_BEFORE = 2;
  private static final int LABEL_BEFORE = 3;
  private static final int PER_EVENT = 4;

  private final int window;

  /**
   * Errors.
   *
   * @param window events, w, at least 1
   */
  public WindowErrors(int window) {
    this.window = window;
  }

  /** Doubles that the caller keeps. */
  public int length() {
    return RING + PER_EVENT * window;
  }

  private int place(int at, long event) {
    return at + RING + PER_EVENT * (int) (event % window);
  }

  /**
   * Takes an event.
   *
   * @param y label, finite
   * @param prediction finite
   */
  public void take(double[] b, int at, double y, double prediction) {
    double seen = b[at + SEEN];
    int place = place(at, (long) seen);
    b[place + LABEL] = y;
    b[place + PREDICTION] = prediction;
    b[place + MEAN_BEFORE] = b[at + RUNNING_MEAN];
    b[place + LABEL_BEFORE] = b[at + LAST];
    b[at + SEEN] = seen + 1;
    b[at + LAST] = y;
    b[at + RUNNING_MEAN] += (y - b[at + RUNNING_MEAN]) / (seen + 1);
  }

  /** Reports the figures. */
  public void report(double[] b, int at, Report out, Workspace workspace) {
    double[] sums = workspace.array("window errors", Errors.LENGTH);
    Arrays.fill(sums, 0);
    long seen = (long) b[at + SEEN];
    long first = Math.max(0, seen - window);
    double mean = 0;
    for (long i = first; i < seen; i++) {
      mean += (b[place(at, i) + LABEL] - mean) / (i - first + 1);
    }
    for (long i = first; i < seen; i++) {
      int place = place(at, i);
      double y = b[place + LABEL];
      Errors.add(sums, 0, y, b[place + PREDICTION]);
      sums[Errors.TOTAL] += (y - mean) * (y - mean);
      if (i > 0) { // the key's first event has no baseline
        Errors.addBaselines(
            sums, 0, y, b[place + PREDICTION], b[place + MEAN_BEFORE], b[place + LABEL_BEFORE]);
      }
    }
    sums[Errors.MEAN] = mean;
    Errors.report(sums, 0, seen - first, out);
  }
}
