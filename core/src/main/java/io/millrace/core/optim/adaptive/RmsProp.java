package io.millrace.core.optim.adaptive;

import io.millrace.core.optim.Moments;
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
 * RMSProp. Tieleman, Hinton, "Lecture 6.5 - RMSProp", Coursera: Neural Networks for Machine
 * Learning (2012); centered form: Graves, "Generating Sequences With Recurrent Neural Networks",
 * arXiv:1308.0850, equations 38-40.
 *
 * <pre>
 * g     &lt;- g + wd theta                          (coupled weight decay)
 * s     &lt;- rho s + (1 - rho) g^2
 * a     &lt;- rho a + (1 - rho) g                   (centered only)
 * den    = sqrt(s) + eps   or, centered,   sqrt(s - a^2) + eps
 * b     &lt;- mu b + g / den                        (mu = momentum)
 * theta &lt;- theta - lr b
 * </pre>
 *
 * <p>Deviations from the paper: eps outside the root. No bias correction. Memory 3d (s, a, b; a and
 * b are there although unused, because centered and momentum may be switched on in a running job),
 * one gradient, about 12d flops and d roots per step. Immutable.
 */
public final class RmsProp implements Optimizer {
  static final Hyper RHO =
      new Hyper("rho", 0.99, Range.halfOpen(0, 1), "decay of the averages of g^2 and g");
  static final Hyper EPS = new Hyper("eps", 1e-8, Range.positive(), "added to the root");
  static final Hyper CENTERED =
      new Hyper("centered", 0, Range.flag(), "1: divide by the deviation, not the raw moment");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "rmsprop",
          1,
          new Source(
              "Tieleman, Hinton, Lecture 6.5 - RMSProp, Coursera (2012); centered: Graves,"
                  + " arXiv:1308.0850",
              Source.Confidence.CODE),
          0.01,
          List.of(RHO, EPS, Moments.MOMENTUM, CENTERED, WeightDecay.COUPLED),
          RmsProp::new);

  private static final String SQUARE = "s";
  private static final String MEAN = "a";
  private static final String BUFFER = "b";

  private final double rho;
  private final double eps;
  private final double momentum;
  private final boolean centered;
  private final double weightDecay;

  RmsProp(HyperValues values) {
    rho = values.get(RHO);
    eps = values.get(EPS);
    momentum = values.get(Moments.MOMENTUM);
    centered = values.flag(CENTERED);
    weightDecay = values.get(WeightDecay.COUPLED);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(SQUARE);
    slots.elementwise(MEAN);
    slots.elementwise(BUFFER);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] s = slots.get(SQUARE);
    double[] a = slots.get(MEAN);
    double[] b = slots.get(BUFFER);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    double lr = context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      double gi = g[i] + weightDecay * theta[i];
      s[i] = rho * s[i] + (1 - rho) * gi * gi;
      double variance = s[i];
      if (centered) {
        a[i] = rho * a[i] + (1 - rho) * gi;
        // Rounding may take a variance that is nearly zero below it.
        variance = Math.max(0, s[i] - a[i] * a[i]);
      }
      b[i] = momentum * b[i] + gi / (Math.sqrt(variance) + eps);
      theta[i] -= lr * b[i];
    }
  }

  /** The averages decay, and with momentum the parameter moves, although the gradient is zero. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
