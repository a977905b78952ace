package io.millrace.core.sample.estimator;

import io.millrace.core.optim.Slots;
import io.millrace.core.sample.Estimator;
import io.millrace.core.sample.EstimatorSpec;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.sample.Shard;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * The plain estimate from a mini-batch B of n rows. Ahn, Shahbaba, Welling, "Distributed Stochastic
 * Gradient MCMC", ICML 2014, equation 5.
 *
 * <pre>
 * N / (f n) sum_{i in B} grad log p(x_i | theta)
 * </pre>
 *
 * <p>Unbiased over the choice of client and rows. Its variance does not vanish anywhere: at a
 * constant step size it widens the posterior. Deviations from the paper: none. No memory, n
 * gradients of a row. Immutable.
 */
public final class MiniBatch implements Estimator {
  public static final EstimatorSpec SPEC =
      new EstimatorSpec(
          "mini-batch",
          1,
          new Source(
              "Ahn, Shahbaba, Welling, Distributed Stochastic Gradient MCMC, ICML 2014",
              Source.Confidence.CODE_READ),
          List.of(BatchSize.SIZE),
          MiniBatch::new);

  private final int size;

  MiniBatch(HyperValues values) {
    size = (int) values.get(BatchSize.SIZE);
  }

  @Override
  public void estimate(
      Shard shard, double[] theta, Slots slots, LocalStep step, double[] out, double[] meanRow) {
    Arrays.fill(meanRow, 0);
    if (shard.likelihood().rows() == 0) {
      return;
    }
    BatchSize.addRows(shard.likelihood(), theta, size, step, meanRow);
    double scale = shard.likelihood().mass() / (shard.share() * size);
    for (int i = 0; i < theta.length; i++) {
      out[i] += scale * meanRow[i];
      meanRow[i] /= size;
    }
  }
}
