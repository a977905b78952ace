package io.millrace.core.optim.secondorder;

import io.millrace.core.optim.Hyper;
import io.millrace.core.optim.HyperValues;
import io.millrace.core.optim.IntegerPower;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Range;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.Source;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * AdaFisher for one linear layer: a diagonal Fisher matrix of Kronecker form instead of Adam's
 * second moment, and no root. Gomes et al., "AdaFisher: Adaptive Second Order Optimization via
 * Fisher Information", arXiv:2405.16397; constants as in the authors' code
 * (AtlasAnalyticsLab/AdaFisher).
 *
 * <pre>
 * g     &lt;- g + wd theta                                       (coupled weight decay)
 * H     &lt;- 0.1 gamma H + 0.01 gamma mm(mean of x^2)           every tcov steps, x the inputs
 * S     &lt;- 0.1 gamma S + 0.01 gamma mm(mean of (dL/dout / n)^2)
 * F      = S H' + Lambda
 * m     &lt;- beta m + (1 - beta) g
 * theta &lt;- theta - lr / (1 - beta^t) m / F
 *
 * mm(a)  = (a - min a) / (max a - min a + 1e-6)
 * </pre>
 *
 * <p>With a single output mm is 0, S dies out and F becomes Lambda: made for several. Deviations
 * from the paper: it writes averages where the code has the factors 0.1 and 0.01; a default
 * learning rate that a single output bears, a tenth of theirs. Memory d (m) and one double per
 * input and output; one gradient, about 6d flops per step. Immutable.
 */
public final class AdaFisherLinear implements Optimizer {
  static final Hyper BETA =
      new Hyper("beta", 0.9, Range.halfOpen(0, 1), "decay of the first moment");
  static final Hyper GAMMA = new Hyper("gamma", 0.8, Range.closed(0, 1), "decay of the factors");
  static final Hyper LAMBDA =
      new Hyper("lambda", 0.001, Range.positive(), "added to the Fisher matrix");
  static final Hyper TCOV =
      new Hyper(
          "tcov",
          100,
          Range.integers(1, Integer.MAX_VALUE),
          "steps between renewals of the factors");
  static final Hyper WEIGHT_DECAY =
      new Hyper("weight-decay", 0, Range.nonNegative(), "coupled L2 weight decay");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "adafisher_linear",
          1,
          new Source(
              "Gomes et al., AdaFisher: Adaptive Second Order Optimization via Fisher"
                  + " Information, arXiv:2405.16397",
              Source.Confidence.CODE),
          1e-4,
          List.of(BETA, GAMMA, LAMBDA, TCOV, WEIGHT_DECAY),
          AdaFisherLinear::new);

  private final double beta;
  private final double gamma;
  private final double lambda;
  private final int tcov;
  private final double weightDecay;

  AdaFisherLinear(HyperValues values) {
    beta = values.get(BETA);
    gamma = values.get(GAMMA);
    lambda = values.get(LAMBDA);
    tcov = (int) values.get(TCOV);
    weightDecay = values.get(WEIGHT_DECAY);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.GRADIENT, Oracle.LAYER);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    int cols = KroneckerFactors.cols(layout);
    slots.elementwise("m");
    slots.block("rows", layout.size() / cols);
    slots.block("cols", cols);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    Arrays.fill(slots.get("rows"), 1);
    Arrays.fill(slots.get("cols"), 1);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get("m");
    double[] rows = slots.get("rows");
    double[] cols = slots.get("cols");
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    if (slots.steps() % tcov == 0) {
      Layer layer = f.layer();
      double[] inputs = context.workspace().atLeast("inputs", layer.inputs());
      double[] outputs = context.workspace().atLeast("outputs", layer.outputs());
      KroneckerFactors.means(layer, theta, true, context, inputs, outputs);
      double perSample = 1.0 / layer.samples();
      for (int k = 0; k < layer.outputs(); k++) {
        // The derivative is that of the mean loss: divided by the number of samples, then squared.
        outputs[k] *= perSample * perSample;
      }
      fold(layer.inputsAreRows() ? rows : cols, inputs);
      fold(layer.inputsAreRows() ? cols : rows, outputs);
    }
    double rate = context.learningRate() / (1 - IntegerPower.of(beta, slots.nextStep()));
    for (int i = 0; i < theta.length; i++) {
      double fisher = rows[i / cols.length] * cols[i % cols.length] + lambda;
      m[i] = beta * m[i] + (1 - beta) * (g[i] + weightDecay * theta[i]);
      theta[i] -= rate * m[i] / fisher;
    }
  }

  private void fold(double[] factor, double[] squares) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < factor.length; i++) {
      least = Math.min(least, squares[i]);
      most = Math.max(most, squares[i]);
    }
    for (int i = 0; i < factor.length; i++) {
      double scaled = (squares[i] - least) / (most - least + 1e-6);
      factor[i] = 0.1 * gamma * factor[i] + 0.01 * gamma * scaled;
    }
  }

  /** The factors are scaled by their extremes. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
