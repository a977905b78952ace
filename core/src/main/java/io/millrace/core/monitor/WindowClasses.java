package io.millrace.core.monitor;

import io.millrace.core.compute.Workspace;
import java.util.Arrays;

/**
 * Accuracy, kappa, recall, F1 and log-loss of the classes of the last {@code w} events. Baselines:
 * the previous class, and the most frequent of the {@code w} events before.
 *
 * <p>A ring of the events; sums are made of it when figures are asked for, from the oldest to the
 * newest, so that no rounding stays behind. Immutable: the numbers are {@link #length()} doubles in
 * the caller's block, zeros at first; O(K) per event, O(w + K) where figures are asked for.
 */
public final class WindowClasses {
  private static final int SEEN = 0;
  private static final int LAST = 1; // class of the previous event, plus 1; 0: there was none
  private static final int COUNTS = 2; // of each true class in the ring

  // What the baselines have said, in the code of an event: (truth K + predicted) 5 + said.
  private static final int NOTHING = 0;
  private static final int SAID = 1; // plus 1 where the previous class is right, plus 2 the other

  private static final int SAYINGS = 5;

  private final int classes;
  private final int window;

  /**
   * Figures of classes.
   *
   * @param classes how many there are, K, at most 10,000
   * @param window events, w, at least 1
   */
  public WindowClasses(int classes, int window) {
    this.classes = classes;
    this.window = window;
  }

  /** Doubles that the caller keeps. */
  public int length() {
    return COUNTS + classes + 2 * window;
  }

  private int ring() {
    return COUNTS + classes;
  }

  /**
   * Takes an event.
   *
   * @param truth class of the label
   * @param predicted class of the prediction
   * @param p probability that was given to the true class
   */
  public void take(double[] b, int at, int truth, int predicted, double p) {
    takeLoss(b, at, truth, predicted, Confusion.logLoss(p));
  }

  /**
   * The same.
   *
   * @param loss as {@link Confusion#logLoss(double)} of the probability
   */
  void takeLoss(double[] b, int at, int truth, int predicted, double loss) {
    int said = NOTHING;
    int last = (int) b[at + LAST] - 1;
    if (last >= 0) {
      int majority = Confusion.largest(b, at + COUNTS, classes);
      said = SAID + (last == truth ? 1 : 0) + (majority == truth ? 2 : 0);
    }
    int place = at + ring() + 2 * (int) ((long) b[at + SEEN] % window);
    if (b[at + SEEN] >= window) {
      b[at + COUNTS + (int) b[place] / SAYINGS / classes]--;
    }
    b[place] = (truth * classes + predicted) * SAYINGS + said;
    b[place + 1] = loss;
    b[at + COUNTS + truth]++;
    b[at + SEEN]++;
    b[at + LAST] = truth + 1;
  }

  /** Makes the sums of the window, in scratch. */
  private double[] sums(double[] b, int at, Workspace workspace) {
    double[] sums = workspace.array("window classes", Confusion.length(classes));
    Arrays.fill(sums, 0);
    long seen = (long) b[at + SEEN];
    for (long i = Math.max(0, seen - window); i < seen; i++) {
      int place = at + ring() + 2 * (int) (i % window);
      int code = (int) b[place];
      int said = code % SAYINGS;
      int pair = code / SAYINGS;
      Confusion.add(sums, 0, classes, pair / classes, pair % classes, b[place + 1], 1);
      if (said != NOTHING) {
        int right = said - SAID;
        Confusion.addBaselines(sums, 0, (right & 1) != 0, (right & 2) != 0, 1);
      }
    }
    return sums;
  }

  /** Reports the figures. */
  public void report(double[] b, int at, Report out, Workspace workspace) {
    Confusion.report(sums(b, at, workspace), 0, classes, out);
  }
}
