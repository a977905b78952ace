package io.millrace.core.bayes;

import io.millrace.core.compute.Elementary;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;

/**
 * Counts, multinomial within a class.
 *
 * <pre>
 * T_yj &lt;- T_yj + w s c_j;  S_y &lt;- S_y + w s sum_j c_j
 * log p(c | k) = sum_j c_j ln((T_kj / s + a) / (S_k / s + a d))
 * </pre>
 */
final class Multinomial extends FeatureCounts {
  private static final String TOTALS = "totals";
  private static final int TOTALS_BLOCK = NaiveBayes.OWN + 1;

  private final double largest;

  Multinomial(LearnerForm form) {
    super(form);
    largest = form.setup().largest();
  }

  @Override
  public void declare(StateSchema.Builder schema) {
    super.declare(schema);
    schema.block(TOTALS, classes);
  }

  /** Sums of all features by class. */
  private static double[] totals(LearnerState state) {
    return state.block(TOTALS_BLOCK);
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
    double sum = 0;
    for (int c = rows.start(row); c < rows.end(row); c++) {
      sum += x[c];
    }
    double[] totals = totals(state);
    double total = totals[y] + w * sum;
    if (!(total / scale <= largest)) {
      return false; // no count is larger than their total
    }
    totals[y] = total;
    return super.take(rows, row, x, y, w, weight, scale, state);
  }

  @Override
  public void divide(LearnerState state, double scale) {
    super.divide(state, scale);
    NaiveBayes.divide(totals(state), scale);
  }

  @Override
  public void write(LearnerState state, double scale, ModelWriter out) {
    super.write(state, scale, out);
    double[] totals = totals(state).clone();
    NaiveBayes.divide(totals, scale);
    out.tensor(TOTALS, new int[] {classes}, totals);
  }

  @Override
  public void requireTensors(PublishedModel from) {
    super.requireTensors(from);
    from.finiteTensor(TOTALS, classes);
  }

  @Override
  public void restore(LearnerState state, PublishedModel from) {
    super.restore(state, from);
    NaiveBayes.copy(from.tensor(TOTALS, classes), totals(state));
  }

  @Override
  double counted(double value) {
    return value;
  }

  @Override
  public String unfit(Rows rows, int row) {
    int from = rows.start(row);
    for (int c = from; c < rows.end(row); c++) {
      if (rows.value()[c] < 0) {
        return "feature "
            + (rows.dense() ? c - from : rows.index()[c])
            + " is "
            + rows.value()[c]
            + ", must be a count from 0 up (model.distribution is multinomial)";
      }
    }
    return null;
  }

  @Override
  public double log(
      Rows rows, int row, double[] x, int k, double weight, double scale, LearnerState state) {
    double[] counts = counts(state);
    int[] index = rows.dense() ? null : rows.index();
    double all = totals(state)[k] / scale + alpha * width;
    int from = rows.start(row);
    int at = k * width;
    double sum = 0;
    for (int c = from; c < rows.end(row); c++) {
      if (x[c] > 0) {
        double count = counts[at + (index == null ? c - from : index[c])];
        sum += x[c] * Elementary.log((count / scale + alpha) / all);
      }
    }
    return sum;
  }
}
