package io.millrace.core.bayes;

import io.millrace.core.compute.Elementary;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;

/**
 * Numbers, normal within a class. West, "Updating Mean and Variance Estimates: An Improved Method",
 * Communications of the ACM 22, 1979.
 *
 * <pre>
 * r = w s / N_y;  q = x - m;  m &lt;- m + r q;  V &lt;- (1 - r)(V + r q^2)
 * log p(x | k) = sum_j -ln(V) / 2 - (x - m)^2 / (2 V)       V at least the floor
 * </pre>
 *
 * <p>Means and variances are quotients of sums, so that the scale is not in them.
 */
final class Gaussian implements Likelihood {
  private static final String MEAN = "mean";
  private static final String VARIANCE = "variance";
  private static final int MEANS = NaiveBayes.OWN;
  private static final int VARIANCES = NaiveBayes.OWN + 1;

  private final int classes;
  private final int width;
  private final double floor;

  Gaussian(LearnerForm form) {
    classes = form.classes();
    width = form.width();
    floor = form.get(NaiveBayes.FLOOR);
  }

  @Override
  public void declare(StateSchema.Builder schema) {
    long length = (long) classes * width;
    schema.block(MEAN, length).block(VARIANCE, length);
  }

  @Override
  public double log(
      Rows rows, int row, double[] x, int k, double weight, double scale, LearnerState state) {
    double[] mean = state.block(MEANS);
    double[] variance = state.block(VARIANCES);
    int from = rows.start(row);
    int at = k * width;
    double sum = 0;
    for (int j = 0; j < width; j++) {
      double q = x[from + j] - mean[at + j];
      double v = Math.max(variance[at + j], floor);
      sum -= 0.5 * (Elementary.log(v) + q * q / v);
    }
    return sum;
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
    double[] mean = state.block(MEANS);
    double[] variance = state.block(VARIANCES);
    int from = rows.start(row);
    int at = y * width;
    double r = w / weight;
    double largest = 0;
    for (int j = 0; j < width; j++) {
      double q = x[from + j] - mean[at + j];
      largest = Math.max(largest, variance[at + j] + r * q * q);
    }
    if (!(largest < Double.POSITIVE_INFINITY)) {
      return false;
    }
    for (int j = 0; j < width; j++) {
      double q = x[from + j] - mean[at + j];
      mean[at + j] += r * q;
      variance[at + j] = (1 - r) * (variance[at + j] + r * q * q);
    }
    return true;
  }

  @Override
  public void divide(LearnerState state, double scale) {
    // Nothing here is a sum.
  }

  @Override
  public void write(LearnerState state, double scale, ModelWriter out) {
    int[] shape = {classes, width};
    out.exact(MEAN, shape, state.block(MEANS));
    out.exact(VARIANCE, shape, state.block(VARIANCES));
  }

  @Override
  public void requireTensors(PublishedModel from) {
    from.finiteTensor(MEAN, classes, width);
    from.finiteTensor(VARIANCE, classes, width);
  }

  @Override
  public void restore(LearnerState state, PublishedModel from) {
    NaiveBayes.copy(from.tensor(MEAN, classes, width), state.block(MEANS));
    NaiveBayes.copy(from.tensor(VARIANCE, classes, width), state.block(VARIANCES));
  }
}
