package io.millrace.core.optim.firstorder;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Stochastic gradient descent. Robbins, Monro, "A Stochastic Approximation Method", Annals of
 * Mathematical Statistics 22 (1951).
 *
 * <pre>
 * g     &lt;- g + wd theta          (coupled weight decay)
 * theta &lt;- theta - lr g
 * </pre>
 *
 * <p>Deviations from the paper: the optional weight decay. Memory 0, one gradient and 4d flops per
 * step. Exact on sparse mini-batches where weight decay is 0. Immutable.
 */
public final class Sgd implements Optimizer {
  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "sgd",
          1,
          new Source(
              "Robbins, Monro, A Stochastic Approximation Method, Ann. Math. Statist. 22 (1951)",
              Source.Confidence.CODE),
          0.1,
          List.of(WeightDecay.COUPLED),
          Sgd::new);

  private final double weightDecay;

  Sgd(HyperValues values) {
    weightDecay = values.get(WeightDecay.COUPLED);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    // Nothing is remembered between steps.
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double lr = context.learningRate();
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    if (onlyDescends()) {
      for (int i = 0; i < theta.length; i++) {
        theta[i] -= lr * g[i];
      }
      return;
    }
    for (int i = 0; i < theta.length; i++) {
      theta[i] -= lr * (g[i] + weightDecay * theta[i]);
    }
  }

  @Override
  public boolean onlyDescends() {
    return weightDecay == 0;
  }

  @Override
  public SparseSupport sparse() {
    return weightDecay == 0 ? SparseSupport.EXACT : SparseSupport.LAZY;
  }
}
