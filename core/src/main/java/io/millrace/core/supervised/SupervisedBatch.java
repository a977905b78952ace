package io.millrace.core.supervised;

import io.millrace.core.compute.PerceptronGradients;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.StepBatch;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.state.LearnerState;

/**
 * Steps of perceptrons whose first gradients are computed together. The rest of a step, which an
 * optimizer does with that gradient, and every further question that it has, is done alone.
 */
final class SupervisedBatch implements StepBatch {
  private final SupervisedLearner form;
  private final PerceptronGradients gradients;
  private final SupervisedScratch scratch;
  private final double[] gradient;
  private int taken;
  private boolean known;

  /**
   * A batch.
   *
   * @param form a learner of the form that all of them have
   * @param size parameters of a key
   */
  SupervisedBatch(
      SupervisedLearner form, SupervisedScratch scratch, PerceptronGradients gradients, int size) {
    this.form = form;
    this.scratch = scratch;
    this.gradients = gradients;
    this.gradient = new double[size];
  }

  @Override
  public void begin() {
    taken = 0;
    known = false;
    gradients.begin();
  }

  @Override
  public int add(OnlineLearner learner, Rows rows, LearnerState state) {
    if (!(learner instanceof SupervisedLearner own) || !own.isOfForm(form)) {
      return ALONE;
    }
    if (!gradients.takes(rows.count())) {
      return taken > 0 ? FULL : ALONE;
    }
    double[] x = own.scaled(rows, state, scratch);
    if (x == null) {
      return ALONE;
    }
    gradients.add(state.block(0));
    for (int r = 0; r < rows.count(); r++) {
      gradients.row(x, rows.start(r), rows.label(r), rows.weight(r));
    }
    return taken++;
  }

  @Override
  public void share() {
    known = taken > 0 && gradients.compute();
  }

  @Override
  public StepOutcome take(
      int place,
      OnlineLearner learner,
      Rows rows,
      LearnerState state,
      String key,
      Workspace workspace) {
    if (!known) {
      return learner.learn(rows, state, key, workspace);
    }
    gradients.gradient(place, gradient);
    return ((SupervisedLearner) learner)
        .learnKnowing(gradient, gradients.badRow(place), rows, state, key, workspace);
  }
}
