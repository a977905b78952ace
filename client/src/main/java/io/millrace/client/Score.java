package io.millrace.client;

import java.util.Arrays;
import java.util.List;

/**
 * What a model says of one set of features.
 *
 * @param values one mean (regression), one probability of class 1 (two classes), or one probability
 *     per class
 * @param classes class names in order of their index; empty where the model knows no classes
 */
public record Score(double[] values, List<String> classes) {
  /** The first value: the mean, or the probability of class 1. */
  public double value() {
    return values[0];
  }

  /**
   * Index of the likeliest class.
   *
   * @throws IllegalStateException for a model without classes
   */
  public int classIndex() {
    if (classes.isEmpty()) {
      throw new IllegalStateException("the model has no classes; ask for value()");
    }
    if (values.length == 1) {
      return values[0] > 0.5 ? 1 : 0;
    }
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  /** Name of the likeliest class. */
  public String className() {
    return classes.get(classIndex());
  }

  @Override
  public String toString() {
    return Arrays.toString(values) + (classes.isEmpty() ? "" : " " + className());
  }
}
