package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;
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
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * MKOR for linear layers: inverse Kronecker factors of each by rank-1 updates, behind them SGD with
 * momentum. Mozaffari et al., "MKOR: Momentum-Enabled Kronecker-Factor-Based Optimizer Using Rank-1
 * Updates", arXiv:2306.01685; as in the authors' code (Mohammad-Mozaffari/mkor).
 *
 * <pre>
 * every inv-freq steps, for A with v the mean input, then for G with v the mean dL/dout, every
 * element of the inputs and of the derivatives cut at clip before the mean is taken:
 *   reset pending:  F &lt;- I
 *   else            M = keep F + (1 - keep) I,  p = M v,  F &lt;- M - p p' / (1 + v'p)
 *                   max |F| above 2: both are reset when next due
 * D      = G g A,  D &lt;- D |g| / |D|
 * b     &lt;- mu b + D                                              (mu = momentum)
 * theta &lt;- theta - lr b
 * </pre>
 *
 * <p>A and G stand for the inverses. From I and with keep in [0, 1] they stay between 0 and I, so
 * the reset is for factors that were given. Deviations from the paper: it averages the factors, the
 * code resets them; behind them is SGD with momentum, the paper also has LAMB. Memory d (b) and the
 * squares of the numbers of inputs and outputs; one gradient, about {@code 2 m n (m + n)} flops per
 * step for an m x n layer. Immutable.
 */
public final class MkorLinear implements Optimizer {
  /** A factor with an element beyond this is reset. */
  private static final double LARGEST = 2;

  static final Hyper MOMENTUM = Moments.MOMENTUM.withDefault(0.9);
  static final Hyper INV_FREQ =
      new Hyper(
          "inv-freq",
          10,
          Range.integers(1, Integer.MAX_VALUE),
          "steps between updates of the factors");
  static final Hyper KEEP =
      new Hyper("keep", 0.95, Range.closed(0, 1), "what is kept of a factor against the identity");
  static final Hyper CLIP =
      new Hyper(
          "clip",
          100,
          Range.positive(),
          "greatest element of an input and of a derivative in an output");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "mkor_linear",
          1,
          new Source(
              "Mozaffari et al., MKOR: Momentum-Enabled Kronecker-Factor-Based Optimizer Using"
                  + " Rank-1 Updates, arXiv:2306.01685",
              Source.Confidence.CODE),
          0.05,
          List.of(MOMENTUM, INV_FREQ, KEEP, CLIP),
          MkorLinear::new);

  private static final String BUFFER = "b";
  private static final String ROWS = "rows";
  private static final String COLS = "cols";
  private static final String KEPT = "kept";

  private final double momentum;
  private final int invFreq;
  private final double keep;
  private final double clip;

  MkorLinear(HyperValues values) {
    momentum = values.get(MOMENTUM);
    invFreq = (int) values.get(INV_FREQ);
    keep = values.get(KEEP);
    clip = values.get(CLIP);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.GRADIENT, Oracle.LAYER);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    int layers = 0;
    long left = 0;
    long right = 0;
    for (int b = 0; b < layout.blocks().size(); b += KroneckerFactors.blocks(layout, b)) {
      int rows = KroneckerFactors.rows(layout, b);
      int cols = KroneckerFactors.cols(layout, b);
      left += (long) rows * rows;
      right += (long) cols * cols;
      layers++;
    }
    slots.elementwise(BUFFER);
    slots.block(ROWS, left);
    slots.block(COLS, right);
    slots.block(KEPT, 2 * layers);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] b = slots.get(BUFFER);
    double[] left = slots.get(ROWS);
    double[] right = slots.get(COLS);
    // 0: a reset is pending, as it is at the start. First the inputs' factor, then the outputs'.
    double[] kept = slots.get(KEPT);
    Workspace workspace = context.workspace();
    double[] g = workspace.array("g", theta.length);
    double[] turned = workspace.array("turned", theta.length);
    f.gradient(theta, g);
    boolean due = slots.steps() % invFreq == 0;
    ParamLayout layout = f.layout();
    int leftAt = 0;
    int rightAt = 0;
    int at = 0;
    int layer = 0;
    for (int k = 0; k < layout.blocks().size(); k += KroneckerFactors.blocks(layout, k)) {
      int rows = KroneckerFactors.rows(layout, k);
      int cols = KroneckerFactors.cols(layout, k);
      if (due) {
        renew(f.layer(layer), theta, left, leftAt, right, rightAt, kept, 2 * layer, context);
      }
      turn(rows, cols, left, leftAt, right, rightAt, g, turned, at, context);
      leftAt += rows * rows;
      rightAt += cols * cols;
      at += rows * cols;
      layer++;
    }
    double lr = context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      b[i] = momentum * b[i] + turned[i];
      theta[i] -= lr * b[i];
    }
  }

  /** A layer's direction: its gradient between its factors, as long as the gradient was. */
  private static void turn(
      int rows,
      int cols,
      double[] left,
      int leftAt,
      double[] right,
      int rightAt,
      double[] g,
      double[] out,
      int at,
      StepContext context) {
    Kernels compute = context.compute();
    double[] half = context.workspace().atLeast("half", rows * cols);
    compute.gemm(
        1,
        compute.left(left, leftAt, rows, rows),
        compute.right(g, at, rows, cols),
        0,
        compute.into(half, rows, cols));
    compute.gemm(
        1,
        compute.left(half, rows, cols),
        compute.right(right, rightAt, cols, cols),
        0,
        compute.into(out, at, rows, cols));
    double norm = compute.norm(rows * cols, out, at);
    // The factors are positive definite: no direction means no gradient.
    double scale = norm == 0 ? 0 : compute.norm(rows * cols, g, at) / norm;
    for (int i = at; i < at + rows * cols; i++) {
      out[i] *= scale;
    }
  }

  /** Brings a layer's factors up to date with the mini-batch. */
  private void renew(
      Layer layer,
      double[] theta,
      double[] left,
      int leftAt,
      double[] right,
      int rightAt,
      double[] kept,
      int keptAt,
      StepContext context) {
    int in = layer.inputs();
    int out = layer.outputs();
    double[] inputs = context.workspace().atLeast("inputs", in);
    double[] outputs = context.workspace().atLeast("outputs", out);
    KroneckerFactors.means(layer, theta, clip, false, context, inputs, outputs);
    if (layer.inputsAreRows()) {
      renew(left, leftAt, in, inputs, kept, keptAt, keptAt, context);
      renew(right, rightAt, out, outputs, kept, keptAt, keptAt + 1, context);
    } else {
      renew(right, rightAt, in, inputs, kept, keptAt, keptAt, context);
      renew(left, leftAt, out, outputs, kept, keptAt, keptAt + 1, context);
    }
  }

  private void renew(
      double[] factor,
      int at,
      int n,
      double[] v,
      double[] kept,
      int keptAt,
      int which,
      StepContext context) {
    if (kept[which] == 0) {
      Arrays.fill(factor, at, at + n * n, 0);
      for (int i = 0; i < n; i++) {
        factor[at + i * n + i] = 1;
      }
      kept[which] = 1;
      return;
    }
    double[] p = context.workspace().atLeast("p", n);
    for (int i = 0; i < n; i++) {
      int row = at + i * n;
      for (int j = 0; j < n; j++) {
        factor[row + j] = keep * factor[row + j] + (i == j ? 1 - keep : 0);
      }
    }
    context.compute().gemv(1, context.compute().left(factor, at, n, n), v, 0, 0, p, 0);
    double share = 1 / (1 + context.compute().dot(n, v, 0, p, 0));
    double largest = 0;
    for (int i = 0; i < n; i++) {
      int row = at + i * n;
      for (int j = 0; j < n; j++) {
        factor[row + j] -= share * p[i] * p[j];
        largest = Math.max(largest, Math.abs(factor[row + j]));
      }
    }
    if (largest > LARGEST) {
      Arrays.fill(kept, keptAt, keptAt + 2, 0);
    }
  }

  /** The factors mix the coordinates of a layer. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
