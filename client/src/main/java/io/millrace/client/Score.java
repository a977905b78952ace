package io.millrace.client;

import java.util.Arrays;
import java.util.List;

/**
 * What a model says of one set of features.
 *
 * @param values one mean (regression), one probability of class 1 (two classes; for the hinge loss
 *     the margin), or one probability per class; what a learner says beside, such as how sure it
 *     is, comes behind (docs/wire-format.md); empty where it has nothing to say yet
 * @param classes class names in order of their index; empty where the model knows no classes
 * @param classIndex index of the class the values stand for; -1 where there are no classes
 */
public record Score(double[] values, List<String> classes, int classIndex) {
  /**
   * The first value: the mean, the probability of class 1, or a score.
   *
   * @throws IllegalStateException where the model has nothing to say yet
   */
  public double value() {
    if (values.length == 0) {
      throw new IllegalStateException("the model has not learned enough to say anything yet");
    }
    return values[0];
  }

  /**
   * Name of the class the values stand for.
   *
   * @throws IllegalStateException for a model without classes
   */
  public String className() {
    if (classIndex < 0) {
      throw new IllegalStateException("the model has no classes; ask for value()");
    }
    return classes.get(classIndex);
  }

  @Override
  public String toString() {
    return Arrays.toString(values) + (classIndex < 0 ? "" : " " + className());
  }
}
