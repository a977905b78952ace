package io.millrace.core.supervised;

import io.millrace.core.features.Rows;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.ModelObjective;

/**
 * The step of a rule that only descends, by one row, on the parameters at hand: the key's own, or
 * those that the row touches. A step that was not good is taken back. Immutable.
 */
final class InPlaceDescent {
  private final double largest;

  /**
   * A way of descending.
   *
   * @param largest size that a parameter may have
   */
  InPlaceDescent(double largest) {
    this.largest = largest;
  }

  /** Whether a mini-batch can be learned from in this way. */
  boolean suits(Rows batch, ModelObjective f) {
    return batch.count() == 1 && (batch.dense() || batch.distinct(0)) && f.triesDescents();
  }

  /**
   * Takes the step.
   *
   * @param f aimed at the row
   * @param theta the parameters at hand, modified unless the step is refused
   */
  StepOutcome take(ModelObjective f, double[] theta, double learningRate) {
    boolean finite = f.tryDescend(theta, learningRate, largest);
    if (!finite || f.badRow() >= 0) {
      f.undo(theta);
      int culprit = f.culprit(theta);
      if (culprit >= 0 || !finite) {
        return StepOutcome.refused(culprit);
      }
      f.tryDescend(
          theta, learningRate, largest); // a derivative whose square overflows, and no more
    }
    return StepOutcome.LEARNED;
  }
}
