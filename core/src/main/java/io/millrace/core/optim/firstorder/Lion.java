package io.millrace.core.optim.firstorder;

import io.millrace.core.compute.Vectors;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Lion. Chen et al., "Symbolic Discovery of Optimization Algorithms", arXiv:2302.06675, Algorithm
 * 2.
 *
 * <pre>
 * theta &lt;- theta (1 - lr wd)                                (decoupled weight decay)
 * theta &lt;- theta - lr sign(beta1 m + (1 - beta1) g)         sign(0) = 0
 * m     &lt;- beta2 m + (1 - beta2) g
 * </pre>
 *
 * <p>The step sees the momentum of before, with beta1; what is kept decays with beta2. With weight
 * decay the limit stays within 1/wd in every coordinate. Deviations from the paper: none. Memory d
 * (m), one gradient and 9d flops per step. Immutable.
 */
public final class Lion implements Optimizer {
  static final Hyper BETA1 =
      new Hyper("beta1", 0.9, Range.halfOpen(0, 1), "share of the momentum in the step's sign");
  static final Hyper BETA2 =
      new Hyper("beta2", 0.99, Range.halfOpen(0, 1), "decay of the momentum");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "lion",
          1,
          new Source(
              "Chen et al., Symbolic Discovery of Optimization Algorithms, arXiv:2302.06675",
              Source.Confidence.CODE),
          1e-4,
          List.of(BETA1, BETA2, WeightDecay.DECOUPLED),
          Lion::new);

  private static final String MOMENTUM = "m";

  private final double beta1;
  private final double beta2;
  private final double weightDecay;

  Lion(HyperValues values) {
    beta1 = values.get(BETA1);
    beta2 = values.get(BETA2);
    weightDecay = values.get(WeightDecay.DECOUPLED);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(MOMENTUM);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(MOMENTUM);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    double lr = context.learningRate();
    double keep = 1 - lr * weightDecay;
    for (int i = 0; i < theta.length; i++) {
      double direction = Vectors.sign(beta1 * m[i] + (1 - beta1) * g[i]);
      theta[i] = keep * theta[i] - lr * direction;
      m[i] = beta2 * m[i] + (1 - beta2) * g[i];
    }
  }

  /** Momentum that is not zero moves its parameter by a whole step at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
