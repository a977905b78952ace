package io.millrace.core.bayes;

import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;

/**
 * How features are distributed within a class. Sums are kept in units of 1 / scale; see {@link
 * NaiveBayes}. Immutable.
 */
interface Likelihood {
  /** Declares the blocks, of which the first has the place {@link NaiveBayes#OWN}. */
  void declare(StateSchema.Builder schema);

  /** Why a row is not one that this distribution has; null: it is. */
  default String unfit(Rows rows, int row) {
    return null;
  }

  /**
   * Log-density of a row within a class, up to a constant that is the same for all classes.
   *
   * @param x values, at the positions of the rows
   * @param weight of the class, scaled, above 0
   * @param scale at least 1
   */
  double log(
      Rows rows, int row, double[] x, int k, double weight, double scale, LearnerState state);

  /**
   * Takes a row into the statistics of its class.
   *
   * @param w its weight, scaled
   * @param weight of the class, scaled, this row included
   * @return false: sums would be too large; then nothing has changed
   */
  boolean take(
      Rows rows,
      int row,
      double[] x,
      int y,
      double w,
      double weight,
      double scale,
      LearnerState state);

  /** Divides every sum by the scale. */
  void divide(LearnerState state, double scale);

  /** Writes the statistics in units of events. */
  void write(LearnerState state, double scale, ModelWriter out);

  /** Refuses a model without the tensors that are written. */
  void requireTensors(PublishedModel from);

  /** Puts the statistics to those of a model, at scale 1. */
  void restore(LearnerState state, PublishedModel from);
}
