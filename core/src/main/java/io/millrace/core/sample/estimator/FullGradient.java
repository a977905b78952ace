package io.millrace.core.sample.estimator;

import io.millrace.core.optim.Slots;
import io.millrace.core.sample.Estimator;
import io.millrace.core.sample.EstimatorSpec;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.sample.Shard;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * The gradient over all rows of the client, {@code 1/f sum_i grad log p(x_i | theta)}: no
 * mini-batch and no variance within a client. N gradients of a row. Immutable.
 */
public final class FullGradient implements Estimator {
  public static final EstimatorSpec SPEC =
      new EstimatorSpec(
          "full",
          1,
          new Source("by definition", Source.Confidence.DERIVED),
          List.of(),
          FullGradient::new);

  FullGradient(HyperValues values) {}

  @Override
  public void estimate(
      Shard shard, double[] theta, Slots slots, LocalStep step, double[] out, double[] meanRow) {
    Arrays.fill(meanRow, 0);
    Likelihood likelihood = shard.likelihood();
    double mass = likelihood.rows() == 0 ? 1 : likelihood.mass();
    likelihood.addGradient(theta, 1, meanRow);
    for (int i = 0; i < theta.length; i++) {
      out[i] += meanRow[i] / shard.share();
      meanRow[i] /= mass;
    }
  }
}
