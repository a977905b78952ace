package io.millrace.core.optim.variance;

import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * SVRG: steps corrected by the gradient over a large batch at an anchor point, which is moved every
 * m steps. Johnson, Zhang, "Accelerating Stochastic Gradient Descent using Predictive Variance
 * Reduction", NIPS 2013, Procedure SVRG, option I.
 *
 * <pre>
 * every m steps:  ws &lt;- theta,   mu = gradient over the large batch at ws
 * theta &lt;- theta - lr (g(theta) - g(ws) + mu)      both of the present mini-batch
 * </pre>
 *
 * <p>In the paper mu is the full gradient. A stream has no such thing: here mu is collected from
 * {@code anchor-steps} mini-batches while the parameters rest ({@link AnchorBatch}). Deviations
 * from the paper: only that. Memory 3d (ws, mu, sum of the large batch) and 3 scalars, two
 * gradients of the same mini-batch (one while collecting), about 4d flops per step. Immutable.
 */
public final class Svrg extends AnchoredDescent {
  static final Hyper M =
      new Hyper("m", 32, Range.integers(1, 1e9), "steps from one anchor point to the next");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "svrg",
          1,
          new Source(
              "Johnson, Zhang, Accelerating Stochastic Gradient Descent using Predictive Variance"
                  + " Reduction, NIPS 2013",
              Source.Confidence.DERIVED),
          0.1,
          List.of(M, AnchorBatch.STEPS),
          Svrg::new);

  private final double m;

  Svrg(HyperValues values) {
    super(values);
    m = values.get(M);
  }

  @Override
  double length(double stage) {
    return m;
  }

  @Override
  double anchorSize(double stage) {
    return 1;
  }
}
