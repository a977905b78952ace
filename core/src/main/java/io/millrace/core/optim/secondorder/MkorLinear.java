package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.ComputeBackend.Transpose;
import io.millrace.core.optim.Hyper;
import io.millrace.core.optim.HyperValues;
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
import io.millrace.core.optim.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * MKOR for one linear layer: inverse Kronecker factors by rank-1 updates, behind them SGD with
 * momentum. Mozaffari et al., "MKOR: Momentum-Enabled Kronecker-Factor-Based Optimizer Using Rank-1
 * Updates", arXiv:2306.01685; as in the authors' code (Mohammad-Mozaffari/mkor).
 *
 * <pre>
 * every inv-freq steps, for A with v the mean input, then for G with v the mean dL/dout, clipped:
 *   reset pending:  F &lt;- I
 *   else            M = keep F + (1 - keep) I,  p = M v,  F &lt;- M - p p' / (1 + v'p)
 *                   max |F| above 2: both are reset when next due
 * D      = G g A,  D &lt;- D |g| / |D|
 * b     &lt;- mu b + D                                              (mu = momentum)
 * theta &lt;- theta - lr b
 * </pre>
 *
 * <p>A and G stand for the inverses. Deviations from the paper: it averages the factors, the code
 * resets them. Memory d (b) and the squares of the numbers of inputs and outputs; one gradient,
 * about {@code 2 m n (m + n)} flops per step for an m x n layer. Immutable.
 */
public final class MkorLinear implements Optimizer {
  /** A factor with an element beyond this is reset. */
  private static final double LARGEST = 2;

  static final Hyper MOMENTUM =
      new Hyper("momentum", 0.9, Range.halfOpen(0, 1), "mu, what is kept of the last update");
  static final Hyper INV_FREQ =
      new Hyper(
          "inv-freq",
          10,
          Range.integers(1, Integer.MAX_VALUE),
          "steps between updates of the factors");
  static final Hyper KEEP =
      new Hyper("keep", 0.95, Range.closed(0, 1), "what is kept of a factor against the identity");
  static final Hyper CLIP = new Hyper("clip", 100, Range.positive(), "greatest element of a mean");

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
    int cols = KroneckerFactors.cols(layout);
    int rows = layout.size() / cols;
    slots.elementwise("b");
    slots.block("rows", Math.multiplyExact(rows, rows));
    slots.block("cols", Math.multiplyExact(cols, cols));
    slots.block("kept", 2);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] b = slots.get("b");
    double[] left = slots.get("rows");
    double[] right = slots.get("cols");
    Workspace workspace = context.workspace();
    double[] g = workspace.array("g", theta.length);
    f.gradient(theta, g);
    int cols = KroneckerFactors.cols(f.layout());
    int rows = theta.length / cols;
    if (slots.steps() % invFreq == 0) {
      Layer layer = f.layer();
      double[] inputs = workspace.atLeast("inputs", layer.inputs());
      double[] outputs = workspace.atLeast("outputs", layer.outputs());
      KroneckerFactors.means(layer, theta, false, context, inputs, outputs);
      // 0: a reset is pending, as it is at the start. First the inputs' factor, then the outputs'.
      double[] kept = slots.get("kept");
      boolean byRows = layer.inputsAreRows();
      renew(byRows ? left : right, byRows ? rows : cols, inputs, kept, 0, context);
      renew(byRows ? right : left, byRows ? cols : rows, outputs, kept, 1, context);
    }
    ComputeBackend compute = context.compute();
    double[] half = workspace.array("half", theta.length);
    double[] turned = workspace.array("turned", theta.length);
    compute.gemm(Transpose.NO, Transpose.NO, rows, cols, rows, 1, left, 0, g, 0, 0, half, 0);
    compute.gemm(Transpose.NO, Transpose.NO, rows, cols, cols, 1, half, 0, right, 0, 0, turned, 0);
    double norm = compute.norm(theta.length, turned, 0);
    // The factors are positive definite: no direction means no gradient.
    double scale = norm == 0 ? 0 : compute.norm(theta.length, g, 0) / norm;
    double lr = context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      b[i] = momentum * b[i] + scale * turned[i];
      theta[i] -= lr * b[i];
    }
  }

  private void renew(
      double[] factor, int n, double[] v, double[] kept, int which, StepContext context) {
    if (kept[which] == 0) {
      Arrays.fill(factor, 0);
      for (int i = 0; i < n; i++) {
        factor[i * n + i] = 1;
      }
      kept[which] = 1;
      return;
    }
    double[] p = context.workspace().atLeast("p", n);
    for (int i = 0; i < n; i++) {
      v[i] = Math.max(-clip, Math.min(clip, v[i]));
      for (int j = 0; j < n; j++) {
        factor[i * n + j] = keep * factor[i * n + j] + (i == j ? 1 - keep : 0);
      }
    }
    context.compute().gemv(Transpose.NO, n, n, 1, factor, 0, v, 0, 0, p, 0);
    double share = 1 / (1 + context.compute().dot(n, v, 0, p, 0));
    double largest = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        factor[i * n + j] -= share * p[i] * p[j];
        largest = Math.max(largest, Math.abs(factor[i * n + j]));
      }
    }
    if (largest > LARGEST) {
      Arrays.fill(kept, 0);
    }
  }

  /** The factors mix the coordinates of a layer. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
