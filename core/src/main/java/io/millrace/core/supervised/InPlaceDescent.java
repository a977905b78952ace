package io.millrace.core.supervised;

import io.millrace.core.features.Rows;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.ModelObjective;
import io.millrace.core.optim.ParamLayout;

/**
 * The step of a rule that only descends, by one row, on the key's own parameters: nothing is
 * copied, and a step that was not good is taken back. Immutable.
 */
final class InPlaceDescent {
  private final ParamLayout layout;
  private final int width;
  private final double largest;

  /**
   * A way of descending.
   *
   * @param largest size that a parameter may have
   */
  InPlaceDescent(ParamLayout layout, int width, double largest) {
    this.layout = layout;
    this.width = width;
    this.largest = largest;
  }

  /** Whether a mini-batch can be learned from in this way. */
  boolean suits(Rows batch, ModelObjective f) {
    return batch.count() == 1 && (batch.dense() || batch.distinct(0)) && f.triesDescents();
  }

  /** Aims the objective at the row. */
  void aim(Rows row, double[] x, ModelObjective f) {
    f.aim(row, row.dense() ? null : row.index(), x, width, layout);
  }

  /**
   * Takes the step.
   *
   * @param f aimed at the row
   * @param theta the key's parameters, modified unless the step is refused
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
