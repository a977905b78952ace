package io.millrace.core.optim.adaptive;

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
import java.util.Arrays;
import java.util.List;

/**
 * AdaGrad with a diagonal matrix. Duchi, Hazan, Singer, "Adaptive Subgradient Methods for Online
 * Learning and Stochastic Optimization", JMLR 12 (2011), section 1.1 (diagonal version).
 *
 * <pre>
 * g     &lt;- g + wd theta          (coupled weight decay)
 * s     &lt;- s + g^2,              s_0 = initial-accumulator
 * theta &lt;- theta - lr / (1 + (t-1) lr-decay) g / (sqrt(s) + eps)
 * </pre>
 *
 * <p>Deviations from the paper: none beside the options; eps is added outside the root, as the
 * paper's delta. Memory d (s), one gradient, 8d flops and d roots per step. Exact on sparse
 * mini-batches where weight decay is 0. Immutable.
 */
public final class AdaGrad implements Optimizer {
  static final Hyper EPS =
      new Hyper("eps", 1e-10, Range.positive(), "added to the root of the sum");
  static final Hyper LR_DECAY =
      new Hyper("lr-decay", 0, Range.nonNegative(), "the rate is divided by 1 + (t-1) times this");
  static final Hyper INITIAL_ACCUMULATOR =
      new Hyper("initial-accumulator", 0, Range.nonNegative(), "s before the first step");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "adagrad",
          1,
          new Source(
              "Duchi, Hazan, Singer, Adaptive Subgradient Methods for Online Learning and"
                  + " Stochastic Optimization, JMLR 12 (2011)",
              Source.Confidence.CODE),
          0.01,
          List.of(EPS, LR_DECAY, INITIAL_ACCUMULATOR, WeightDecay.COUPLED),
          AdaGrad::new);

  private static final String SUM = "s";

  private final double eps;
  private final double lrDecay;
  private final double initialAccumulator;
  private final double weightDecay;

  AdaGrad(HyperValues values) {
    eps = values.get(EPS);
    lrDecay = values.get(LR_DECAY);
    initialAccumulator = values.get(INITIAL_ACCUMULATOR);
    weightDecay = values.get(WeightDecay.COUPLED);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(SUM);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    Arrays.fill(slots.get(SUM), initialAccumulator);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] s = slots.get(SUM);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    double lr = context.learningRate() / (1 + slots.steps() * lrDecay);
    for (int i = 0; i < theta.length; i++) {
      double gi = g[i] + weightDecay * theta[i];
      s[i] += gi * gi;
      theta[i] -= lr * gi / (Math.sqrt(s[i]) + eps);
    }
  }

  @Override
  public SparseSupport sparse() {
    return weightDecay == 0 ? SparseSupport.EXACT : SparseSupport.LAZY;
  }
}
