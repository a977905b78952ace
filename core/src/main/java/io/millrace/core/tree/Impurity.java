package io.millrace.core.tree;

import io.millrace.core.compute.Elementary;

/** How mixed the classes of a set of rows are. */
public enum Impurity {
  /** Entropy in bits. */
  INFORMATION_GAIN("information-gain") {
    @Override
    double of(double[] weights, int from, int classes, double sum) {
      double h = 0;
      for (int k = from; k < from + classes; k++) {
        if (weights[k] > 0) {
          double p = weights[k] / sum;
          h -= p * (Elementary.log(p) / LN_2);
        }
      }
      return h;
    }

    @Override
    double range(int classes) {
      return Elementary.log(Math.max(2, classes)) / LN_2;
    }
  },

  /** Probability that two rows are of different classes. */
  GINI("gini") {
    @Override
    double of(double[] weights, int from, int classes, double sum) {
      double squares = 0;
      for (int k = from; k < from + classes; k++) {
        double p = weights[k] / sum;
        squares += p * p;
      }
      return 1 - squares;
    }

    @Override
    double range(int classes) {
      return 1;
    }
  };

  private static final double LN_2 = Elementary.log(2);

  private final String word;

  Impurity(String word) {
    this.word = word;
  }

  /** As configurations spell it. */
  public String word() {
    return word;
  }

  public static Impurity of(String word) {
    for (Impurity i : values()) {
      if (i.word.equals(word)) {
        return i;
      }
    }
    throw new IllegalStateException("criterion '" + word + "'");
  }

  /**
   * Impurity of a set.
   *
   * @param weights of the classes, from {@code from} on, not modified
   * @param sum of the weights, above 0
   */
  abstract double of(double[] weights, int from, int classes, double sum);

  /** Largest possible impurity. */
  abstract double range(int classes);
}
