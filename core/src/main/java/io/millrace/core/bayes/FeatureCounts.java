package io.millrace.core.bayes;

import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;

/** Likelihoods that keep a sum for each feature and class. */
abstract class FeatureCounts implements Likelihood {
  private static final String COUNTS = "counts";
  private static final int COUNTS_BLOCK = NaiveBayes.OWN;

  /** K. */
  final int classes;

  /** d. */
  final int width;

  /** Added to every count. */
  final double alpha;

  FeatureCounts(LearnerForm form) {
    classes = form.classes();
    width = form.width();
    alpha = form.get(NaiveBayes.ALPHA);
  }

  /** What a feature of this value adds to its sum, for each event. */
  abstract double counted(double value);

  /** Sums by class and feature. */
  static double[] counts(LearnerState state) {
    return state.block(COUNTS_BLOCK);
  }

  @Override
  public void declare(StateSchema.Builder schema) {
    schema.block(COUNTS, (long) classes * width);
  }

  @Override
  public boolean take(
      Rows rows,
      int row,
      double[] x,
      int y,
      double w,
      double weight,
      double scale,
      LearnerState state) {
    double[] counts = counts(state);
    int[] index = rows.dense() ? null : rows.index();
    int from = rows.start(row);
    int at = y * width;
    for (int c = from; c < rows.end(row); c++) {
      counts[at + (index == null ? c - from : index[c])] += w * counted(x[c]);
    }
    return true;
  }

  @Override
  public void divide(LearnerState state, double scale) {
    NaiveBayes.divide(counts(state), scale);
  }

  @Override
  public void write(LearnerState state, double scale, ModelWriter out) {
    double[] counts = counts(state).clone();
    NaiveBayes.divide(counts, scale);
    out.tensor(COUNTS, new int[] {classes, width}, counts);
  }

  @Override
  public void requireTensors(PublishedModel from) {
    from.finiteTensor(COUNTS, classes, width);
  }

  @Override
  public void restore(LearnerState state, PublishedModel from) {
    NaiveBayes.copy(from.tensor(COUNTS, classes, width), counts(state));
  }
}
