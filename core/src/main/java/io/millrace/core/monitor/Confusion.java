package io.millrace.core.monitor;

import io.millrace.core.compute.Elementary;

/**
 * What can be said of the classes of some events, faded or not, from sums: how often each class was
 * true, predicted, and both.
 *
 * <pre>
 * p0 = sum both_k / N         kappa = (p0 - pc) / (1 - pc),  pc = sum true_k predicted_k / N^2
 * kappa temporal, majority: the same with the accuracy of the baseline as pc
 * recall_k = both_k / true_k  F1_k = 2 both_k / (true_k + predicted_k),  macro-F1 their mean
 * </pre>
 *
 * <p>Cohen, "A coefficient of agreement for nominal scales", 1960; Bifet, Read, Zliobaite,
 * Pfahringer, Holmes, "Pitfalls in Benchmarking Data Stream Classification and How to Avoid Them",
 * 2013 (kappa temporal). Baselines have no prediction at a key's first event, which does not count
 * for them. What is not defined is NaN: never 0 or 1. Stateless; the sums are in a block.
 */
final class Confusion {
  static final int N = 0;
  static final int LOSS = 1;

  /** Weight of the events for which the baselines have a prediction. */
  static final int BASE = 2;

  static final int NO_CHANGE = 3; // of those, where the previous class was right
  static final int MAJORITY = 4; // and where the most frequent one was
  static final int CLASSES = 5; // both[K], true[K], predicted[K]

  /** Below it a weight is rounding. */
  private static final double NOTHING = 1e-12;

  private static final double LEAST = 1e-15;

  private Confusion() {}

  static int length(int classes) {
    return CLASSES + 3 * classes;
  }

  /** Loss of a probability that was given to the true class; NaN: none was. */
  static double logLoss(double p) {
    return -Elementary.log(Math.max(LEAST, Math.min(1 - LEAST, p)));
  }

  /** Adds an event. */
  static void add(
      double[] b, int at, int classes, int truth, int predicted, double loss, double weight) {
    b[at + N] += weight;
    b[at + LOSS] += weight * loss;
    if (truth == predicted) {
      b[at + CLASSES + truth] += weight;
    }
    b[at + CLASSES + classes + truth] += weight;
    b[at + CLASSES + 2 * classes + predicted] += weight;
  }

  /** Adds what the baselines have said of an event. */
  static void addBaselines(double[] b, int at, boolean noChange, boolean majority, double weight) {
    b[at + BASE] += weight;
    b[at + NO_CHANGE] += noChange ? weight : 0;
    b[at + MAJORITY] += majority ? weight : 0;
  }

  /** The class with the largest count, the lowest of equal ones. */
  static int largest(double[] counts, int at, int classes) {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      if (counts[at + k] > counts[at + best]) {
        best = k;
      }
    }
    return best;
  }

  static double accuracy(double[] b, int at, int classes) {
    double both = 0;
    for (int k = 0; k < classes; k++) {
      both += b[at + CLASSES + k];
    }
    return both / b[at + N];
  }

  static double logLoss(double[] b, int at) {
    return b[at + LOSS] / b[at + N];
  }

  static double noChangeAccuracy(double[] b, int at) {
    return b[at + NO_CHANGE] / b[at + BASE];
  }

  static double majorityAccuracy(double[] b, int at) {
    return b[at + MAJORITY] / b[at + BASE];
  }

  static double kappa(double[] b, int at, int classes) {
    double n = b[at + N];
    double chance = 0;
    for (int k = 0; k < classes; k++) {
      chance += b[at + CLASSES + classes + k] / n * (b[at + CLASSES + 2 * classes + k] / n);
    }
    return above(accuracy(b, at, classes), chance);
  }

  /** How far an accuracy is above one that needs no skill, as a share of what is possible. */
  static double above(double accuracy, double chance) {
    return 1 - chance > NOTHING ? (accuracy - chance) / (1 - chance) : Double.NaN;
  }

  static double recall(double[] b, int at, int classes, int k) {
    double truth = b[at + CLASSES + classes + k];
    return truth > NOTHING * b[at + N] ? b[at + CLASSES + k] / truth : Double.NaN;
  }

  static double macroF1(double[] b, int at, int classes) {
    double sum = 0;
    int counted = 0;
    for (int k = 0; k < classes; k++) {
      double both = b[at + CLASSES + classes + k] + b[at + CLASSES + 2 * classes + k];
      if (both > NOTHING * b[at + N]) {
        sum += 2 * b[at + CLASSES + k] / both;
        counted++;
      }
    }
    return counted == 0 ? Double.NaN : sum / counted;
  }

  /** Reports all figures that are defined. */
  static void report(double[] b, int at, int classes, Report out) {
    if (b[at + N] == 0) {
      return;
    }
    double accuracy = accuracy(b, at, classes);
    double noChange = noChangeAccuracy(b, at);
    double majority = majorityAccuracy(b, at);
    out.figure("Accuracy", accuracy);
    out.figure("NoChangeAccuracy", noChange);
    out.figure("MajorityAccuracy", majority);
    out.figure("Kappa", kappa(b, at, classes));
    out.figure("KappaTemporal", above(accuracy, noChange));
    out.figure("KappaMajority", above(accuracy, majority));
    out.figure("MacroF1", macroF1(b, at, classes));
    out.figure("LogLoss", logLoss(b, at));
    for (int k = 0; k < classes; k++) {
      out.figure("Recall", k, recall(b, at, classes, k));
    }
  }
}
