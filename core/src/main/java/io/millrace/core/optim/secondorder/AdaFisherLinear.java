package io.millrace.core.optim.secondorder;

import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Moments;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
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
import java.util.Set;

/**
 * AdaFisher for linear layers: each has a diagonal Fisher matrix of Kronecker form instead of
 * Adam's second moment, and no root. Gomes et al., "AdaFisher: Adaptive Second Order Optimization
 * via Fisher Information", arXiv:2405.16397; constants as in the authors' code
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

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "adafisher_linear",
          1,
          new Source(
              "Gomes et al., AdaFisher: Adaptive Second Order Optimization via Fisher"
                  + " Information, arXiv:2405.16397",
              Source.Confidence.CODE),
          1e-4,
          List.of(BETA, GAMMA, LAMBDA, TCOV, WeightDecay.COUPLED),
          AdaFisherLinear::new);

  private static final String ROWS = "rows";
  private static final String COLS = "cols";

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
    weightDecay = values.get(WeightDecay.COUPLED);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.GRADIENT, Oracle.LAYER);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    int rows = 0;
    int cols = 0;
    for (int b = 0; b < layout.blocks().size(); b += KroneckerFactors.blocks(layout, b)) {
      rows += KroneckerFactors.rows(layout, b);
      cols += KroneckerFactors.cols(layout, b);
    }
    slots.elementwise(Moments.FIRST);
    slots.block(ROWS, rows);
    slots.block(COLS, cols);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    Arrays.fill(slots.get(ROWS), 1);
    Arrays.fill(slots.get(COLS), 1);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(Moments.FIRST);
    double[] rows = slots.get(ROWS);
    double[] cols = slots.get(COLS);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    ParamLayout layout = f.layout();
    if (slots.steps() % tcov == 0) {
      int row = 0;
      int col = 0;
      for (int k = 0; k < f.layers(); k++) {
        Layer layer = f.layer(k);
        renew(layer, theta, row, rows, col, cols, context);
        row += layer.inputsAreRows() ? layer.inputs() : layer.outputs();
        col += layer.inputsAreRows() ? layer.outputs() : layer.inputs();
      }
    }
    double rate = context.learningRate() / (1 - IntegerPower.of(beta, slots.nextStep()));
    int i = 0;
    int row = 0;
    int col = 0;
    for (int b = 0; b < layout.blocks().size(); b += KroneckerFactors.blocks(layout, b)) {
      int lastRow = row + KroneckerFactors.rows(layout, b);
      int width = KroneckerFactors.cols(layout, b);
      for (; row < lastRow; row++) {
        for (int c = 0; c < width; c++, i++) {
          double fisher = rows[row] * cols[col + c] + lambda;
          m[i] = beta * m[i] + (1 - beta) * (g[i] + weightDecay * theta[i]);
          theta[i] -= rate * m[i] / fisher;
        }
      }
      col += width;
    }
  }

  /** Folds a layer's squares into its part of the factors. */
  private void renew(
      Layer layer,
      double[] theta,
      int row,
      double[] rows,
      int col,
      double[] cols,
      StepContext context) {
    double[] inputs = context.workspace().atLeast("inputs", layer.inputs());
    double[] outputs = context.workspace().atLeast("outputs", layer.outputs());
    KroneckerFactors.means(layer, theta, Double.POSITIVE_INFINITY, true, context, inputs, outputs);
    double perSample = 1.0 / layer.samples();
    for (int k = 0; k < layer.outputs(); k++) {
      // The derivative is that of the mean loss: divided by the number of samples, then squared.
      outputs[k] *= perSample * perSample;
    }
    if (layer.inputsAreRows()) {
      fold(rows, row, layer.inputs(), inputs);
      fold(cols, col, layer.outputs(), outputs);
    } else {
      fold(cols, col, layer.inputs(), inputs);
      fold(rows, row, layer.outputs(), outputs);
    }
  }

  private void fold(double[] factor, int at, int n, double[] squares) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      least = Math.min(least, squares[i]);
      most = Math.max(most, squares[i]);
    }
    for (int i = 0; i < n; i++) {
      double scaled = (squares[i] - least) / (most - least + 1e-6);
      factor[at + i] = 0.1 * gamma * factor[at + i] + 0.01 * gamma * scaled;
    }
  }

  /** The factors are scaled by their extremes. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
