package io.millrace.core.sample.estimator;

import io.millrace.core.optim.Slots;
import io.millrace.core.sample.Anchor;
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
 * SGLD-CV: an estimate corrected by the gradients at a fixed point, the anchor of the client.
 * Baker, Fearnhead, Fox, Nemeth, "Control Variates for Stochastic Gradient MCMC", Statistics and
 * Computing 2019, section 3.
 *
 * <pre>
 * 1/f [ G(theta*) + N/n sum_{i in B} (g_i(theta) - g_i(theta*)) ]
 * </pre>
 *
 * <p>G is the gradient over all rows, g_i that of one. The variance vanishes at the anchor, and
 * near it is small: the posterior is widened far less than by {@link MiniBatch}. Together with
 * surrogates that are anchored at the same point nothing new is sent. Deviations from the paper:
 * the point is what the epoch says, not the result of an optimization at its start. No memory, 2n
 * gradients of a row. Immutable.
 */
public final class ControlVariate implements Estimator {
  public static final EstimatorSpec SPEC =
      new EstimatorSpec(
          "control-variate",
          1,
          new Source(
              "Baker, Fearnhead, Fox, Nemeth, Control Variates for Stochastic Gradient MCMC,"
                  + " Statistics and Computing 2019",
              Source.Confidence.MEMORY),
          List.of(BatchSize.SIZE),
          ControlVariate::new);

  private final int size;

  ControlVariate(HyperValues values) {
    size = (int) values.get(BatchSize.SIZE);
  }

  @Override
  public boolean needsAnchor() {
    return true;
  }

  @Override
  public void estimate(
      Shard shard, double[] theta, Slots slots, LocalStep step, double[] out, double[] meanRow) {
    Anchor anchor = shard.anchor();
    estimate(shard, theta, size, anchor.point(), anchor.gradient(), step, out, meanRow);
  }

  /** The same with a point and its gradient from elsewhere. */
  static void estimate(
      Shard shard,
      double[] theta,
      int size,
      double[] point,
      double[] gradient,
      LocalStep step,
      double[] out,
      double[] meanRow) {
    Arrays.fill(meanRow, 0);
    Likelihood likelihood = shard.likelihood();
    if (likelihood.rows() == 0) {
      return;
    }
    double[] there = step.workspace().array("at-anchor", theta.length);
    Arrays.fill(there, 0);
    BatchSize.addRows(likelihood, theta, size, step, meanRow);
    BatchSize.addRows(likelihood, point, size, step, there);
    double scale = likelihood.mass() / (shard.share() * size);
    for (int i = 0; i < theta.length; i++) {
      out[i] += gradient[i] / shard.share() + scale * (meanRow[i] - there[i]);
      meanRow[i] /= size;
    }
  }
}
