package io.millrace.core.bayes;

import io.millrace.core.compute.Elementary;
import io.millrace.core.features.Rows;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.state.LearnerState;

/**
 * Whether a feature is above 0, by chance within a class; features that are not count, too.
 *
 * <pre>
 * T_yj &lt;- T_yj + w s [c_j &gt; 0];      p_kj = (T_kj / s + a) / (N_k / s + 2 a)
 * log p(c | k) = sum over c_j &gt; 0 of ln p_kj, over the others of ln(1 - p_kj)
 * </pre>
 *
 * <p>1 - p is taken as (N_k / s - T_kj / s + a) / (N_k / s + 2 a), without cancellation.
 */
final class Bernoulli extends FeatureCounts {
  Bernoulli(LearnerForm form) {
    super(form);
  }

  @Override
  double counted(double value) {
    return value > 0 ? 1 : 0;
  }

  @Override
  public double log(
      Rows rows, int row, double[] x, int k, double weight, double scale, LearnerState state) {
    double[] counts = counts(state);
    double all = weight / scale + 2 * alpha;
    int at = k * width;
    int from = rows.start(row);
    double sum = 0;
    if (rows.dense()) {
      for (int j = 0; j < width; j++) {
        double count = counts[at + j];
        sum += Elementary.log(((x[from + j] > 0 ? count : weight - count) / scale + alpha) / all);
      }
      return sum;
    }
    for (int j = 0; j < width; j++) {
      sum += Elementary.log(((weight - counts[at + j]) / scale + alpha) / all);
    }
    int[] index = rows.index();
    for (int c = from; c < rows.end(row); c++) {
      if (x[c] > 0) {
        double count = counts[at + index[c]];
        sum += Elementary.log((count / scale + alpha) / ((weight - count) / scale + alpha));
      }
    }
    return sum;
  }
}
