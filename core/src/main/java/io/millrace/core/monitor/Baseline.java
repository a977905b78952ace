package io.millrace.core.monitor;

import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;

/**
 * How wrong a prediction was, in a figure that can also be had of a model without features: the
 * frequencies of the classes so far, or the mean of the labels so far.
 *
 * <pre>
 * classes with probabilities:     -ln p_y       baseline p_k = (n_k + 1) / (n + K)
 * classes without probabilities:  1 if wrong    baseline: the most frequent class, the lowest of equal ones
 * numbers:                        |y - yhat|    baseline: the mean; none at the first label
 * </pre>
 *
 * <p>Immutable: the numbers are {@link #length()} doubles in the caller's block, zeros at first;
 * O(K) per event.
 */
public final class Baseline {
  private static final int SEEN = 0;
  private static final int MEAN = 1; // of numbers, or the counts of the classes

  private final int classes;
  private final int probabilities;

  /**
   * A baseline.
   *
   * @param classes how many there are, K; 0: labels are numbers
   * @param probabilities as {@link OnlineLearner#probabilities} has it
   */
  public Baseline(int classes, int probabilities) {
    this.classes = classes;
    this.probabilities = probabilities;
  }

  /** Doubles that the caller keeps. */
  public int length() {
    return MEAN + Math.max(1, classes);
  }

  /**
   * How wrong a prediction was.
   *
   * @param learner that has made it
   * @param label target, or class index
   */
  public double wrong(OnlineLearner learner, Outcome prediction, double label) {
    if (classes == 0) {
      return Math.abs(label - prediction.scores[0]);
    }
    if (probabilities == 0) {
      return learner.classOf(prediction) == (int) label ? 0 : 1;
    }
    double p = Monitor.probability(prediction, probabilities, (int) label);
    return Double.isNaN(p) ? Double.NaN : Confusion.logLoss(p);
  }

  /** How wrong the baseline is about a label; NaN: it says nothing. */
  public double wrong(double[] b, int at, double label) {
    double n = b[at + SEEN];
    if (classes == 0) {
      return n == 0 ? Double.NaN : Math.abs(label - b[at + MEAN]);
    }
    if (probabilities == 0) {
      return n > 0 && Confusion.largest(b, at + MEAN, classes) == (int) label ? 0 : 1;
    }
    return Confusion.logLoss((b[at + MEAN + (int) label] + 1) / (n + classes));
  }

  /** Takes a label. */
  public void take(double[] b, int at, double label) {
    b[at + SEEN]++;
    if (classes == 0) {
      b[at + MEAN] += (label - b[at + MEAN]) / b[at + SEEN];
    } else {
      b[at + MEAN + (int) label]++;
    }
  }
}
