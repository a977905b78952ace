package io.millrace.core.monitor;

/**
 * Accuracy, kappa, recall, F1 and log-loss of classes, with events that count less the longer ago
 * they are: each multiplies what was before by {@code alpha}. Baselines: the previous class, and
 * the most frequent of the faded ones before the event. Gama, Sebastiao, Rodrigues, "On evaluating
 * stream learning algorithms", Machine Learning 90, 2013.
 *
 * <p>Instead of fading what is there, every event weighs {@code 1 / alpha} times as much as the one
 * before; weights are brought back to 1 when they reach 1e100. Figures are ratios and do not depend
 * on it. Immutable: the numbers are {@link #length()} doubles in the caller's block, zeros at
 * first; O(K) per event for the majority.
 */
public final class FadingClasses {
  private static final int WEIGHT = 0;
  private static final int LAST = 1; // class of the previous event, plus 1; 0: there was none
  private static final int SUMS = 2;

  private final int classes;
  private final double alpha;

  /**
   * Figures of classes.
   *
   * @param classes how many there are, K
   * @param alpha in (0, 1]
   */
  public FadingClasses(int classes, double alpha) {
    this.classes = classes;
    this.alpha = alpha;
  }

  /** Doubles that the caller keeps. */
  public int length() {
    return SUMS + Confusion.length(classes);
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
    double weight = Fading.next(b, at, WEIGHT, SUMS, length(), alpha);
    int sums = at + SUMS;
    int last = (int) b[at + LAST] - 1;
    if (last >= 0) {
      int seen = sums + Confusion.CLASSES + classes;
      int majority = Confusion.largest(b, seen, classes);
      Confusion.addBaselines(b, sums, last == truth, majority == truth, weight);
    }
    Confusion.add(b, sums, classes, truth, predicted, loss, weight);
    b[at + LAST] = truth + 1;
  }

  /** Reports the figures. */
  public void report(double[] b, int at, Report out) {
    Confusion.report(b, at + SUMS, classes, out);
  }

  /** Share of the events whose class was right; NaN of none. */
  public double accuracy(double[] b, int at) {
    return Confusion.accuracy(b, at + SUMS, classes);
  }
}
