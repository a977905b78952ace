package io.millrace.core.optim.firstorder;

import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Vectors;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Normalized gradient descent. Chen, Zhou, Liang, Lu, "Generalized-Smooth Nonconvex Optimization is
 * As Efficient As Smooth Nonconvex Optimization", arXiv:2303.02854, Algorithm 1.
 *
 * <pre>
 * theta &lt;- theta - lr g / |g|^beta         beta in [alpha, 1] for alpha-symmetric smoothness
 * </pre>
 *
 * <p>Deviations from the paper: none; at beta 0 it is SGD. No memory, one gradient, 4d flops and a
 * reduction per step. Exact on sparse mini-batches: zeros add nothing to the norm. Immutable.
 */
public final class NormalizedGd implements Optimizer {
  static final Hyper BETA =
      new Hyper("beta", 1, Range.closed(0, 1), "power of the norm that divides the gradient");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "normalized_gd",
          1,
          new Source(
              "Chen, Zhou, Liang, Lu, Generalized-Smooth Nonconvex Optimization is As Efficient As"
                  + " Smooth Nonconvex Optimization, arXiv:2303.02854",
              Source.Confidence.DERIVED),
          0.01,
          List.of(BETA),
          NormalizedGd::new);

  private final double beta;

  NormalizedGd(HyperValues values) {
    beta = values.get(BETA);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {}

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    double square = 0;
    for (double gi : g) {
      square += gi * gi;
    }
    double norm = Vectors.root(square, g, 0, g.length, 1);
    if (norm == 0) {
      return; // No direction; the quotient would be 0/0.
    }
    double lr = context.learningRate();
    double length = power(norm);
    for (int i = 0; i < theta.length; i++) {
      theta[i] -= lr * (g[i] / length);
    }
  }

  private double power(double norm) {
    return beta == 1 ? norm : Elementary.exp(beta * Elementary.log(norm));
  }

  @Override
  public SparseSupport sparse() {
    return SparseSupport.EXACT;
  }
}
