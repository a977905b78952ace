package io.millrace.core.sample.estimator;

import io.millrace.core.optim.Slots;
import io.millrace.core.sample.Estimator;
import io.millrace.core.sample.EstimatorSpec;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.sample.Shard;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * SVRG-LD: an estimate corrected by the gradients at a point that follows the chain. Dubey, Reddi,
 * Poczos, Smola, Xing, Williamson, "Variance Reduction in Stochastic Gradient Langevin Dynamics",
 * NIPS 2016, Algorithm 2.
 *
 * <pre>
 * every m steps: w &lt;- theta,  G &lt;- sum_i g_i(w)
 * 1/f [ G + N/n sum_{i in B} (g_i(theta) - g_i(w)) ]
 * </pre>
 *
 * <p>The point is taken anew where the step's number is a multiple of m, and where a chain is at a
 * client for the first time. Deviations from the paper: none for one client. Memory 2d for each
 * chain at each client; 2n gradients of a row, and N every m steps. Immutable.
 */
public final class Svrg implements Estimator {
  static final Hyper EVERY =
      new Hyper("anchor-every", 10, Range.integers(1, 1e9), "steps m from one point to the next");

  public static final EstimatorSpec SPEC =
      new EstimatorSpec(
          "svrg",
          1,
          new Source(
              "Dubey, Reddi, Poczos, Smola, Xing, Williamson, Variance Reduction in Stochastic"
                  + " Gradient Langevin Dynamics, NIPS 2016",
              Source.Confidence.MEMORY),
          List.of(BatchSize.SIZE, EVERY),
          Svrg::new);

  private static final String POINT = "w";
  private static final String GRADIENT = "G";

  private final int size;
  private final long every;

  Svrg(HyperValues values) {
    size = (int) values.get(BatchSize.SIZE);
    every = (long) values.get(EVERY);
  }

  @Override
  public void declareSlots(int parameters, int rows, Slots.Declaration slots) {
    slots.elementwise(POINT);
    slots.elementwise(GRADIENT);
  }

  @Override
  public void initialize(Shard shard, double[] theta, Slots slots) {
    double[] gradient = slots.get(GRADIENT);
    System.arraycopy(theta, 0, slots.get(POINT), 0, theta.length);
    Arrays.fill(gradient, 0);
    shard.likelihood().addGradient(theta, 1, gradient);
  }

  @Override
  public void estimate(
      Shard shard, double[] theta, Slots slots, LocalStep step, double[] out, double[] meanRow) {
    if (step.index() % every == 0) {
      initialize(shard, theta, slots);
    }
    ControlVariate.estimate(
        shard, theta, size, slots.get(POINT), slots.get(GRADIENT), step, out, meanRow);
  }
}
