package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.Workspace;
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
import java.util.Arrays;
import java.util.List;

/**
 * EFCP: M-FAC on a window of compressed gradients. Modoranu, Kalinov, Kurtic, Frantar, Alistarh,
 * "Error Feedback Can Accurately Compress Preconditioners", arXiv:2306.06098, Algorithm 1 with
 * M-FAC; order as in the authors' code (IST-DASLab/EFCP, SparseGradientMFAC).
 *
 * <pre>
 * a      = e + g
 * c      = the k elements of a of greatest size, e &lt;- a - c
 * W     : c replaces the oldest row                      [M rows of k elements]
 * u      = (damp I + W'W / M)^-1 x                        x = c, or g
 * b     &lt;- mu b + u                                     (mu = momentum)
 * theta &lt;- theta (1 - lr wd) - lr b
 * </pre>
 *
 * <p>Of equal sizes the lower coordinate wins. Deviations from the paper: defaults of M and damp
 * that suit small streaming models. Memory {@code 2 d + 2 M k + M^2}; one gradient, about {@code d
 * + 4 M k + M^3 / 3} flops and a selection per step. Immutable.
 */
public final class EfcpTopkMfac implements Optimizer {
  static final Hyper K =
      Hyper.structural(
          "k",
          0,
          Range.integers(0, Integer.MAX_VALUE),
          "elements kept; 0: a hundredth of them, at least 1");
  static final Hyper PRECONDITION_COMPRESSED =
      new Hyper("precondition-compressed", 1, Range.flag(), "1: x is c; 0: x is g");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "efcp_topk_mfac",
          1,
          new Source(
              "Modoranu et al., Error Feedback Can Accurately Compress Preconditioners,"
                  + " arXiv:2306.06098",
              Source.Confidence.CODE_READ),
          0.01,
          List.of(
              Moments.MOMENTUM,
              WeightDecay.DECOUPLED,
              FisherWindow.WINDOW,
              FisherWindow.DAMP,
              K,
              PRECONDITION_COMPRESSED),
          EfcpTopkMfac::new);

  private static final String ERROR = "error";
  private static final String BUFFER = "b";
  private static final String VALUES = "values";
  private static final String INDEXES = "indexes";
  private static final String GRAM = "gram";

  private final double momentum;
  private final double weightDecay;
  private final int window;
  private final double damp;
  private final int k;
  private final boolean preconditionCompressed;

  EfcpTopkMfac(HyperValues values) {
    momentum = values.get(Moments.MOMENTUM);
    weightDecay = values.get(WeightDecay.DECOUPLED);
    window = (int) values.get(FisherWindow.WINDOW);
    damp = values.get(FisherWindow.DAMP);
    k = (int) values.get(K);
    preconditionCompressed = values.flag(PRECONDITION_COMPRESSED);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    int kept = kept(layout.size());
    slots.elementwise(ERROR);
    slots.elementwise(BUFFER);
    slots.block(VALUES, (long) window * kept);
    slots.block(INDEXES, (long) window * kept);
    slots.block(GRAM, (long) window * window);
  }

  private int kept(int d) {
    return Math.min(d, k == 0 ? Math.max(1, d / 100) : k);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    int d = theta.length;
    int kept = kept(d);
    double[] error = slots.get(ERROR);
    double[] b = slots.get(BUFFER);
    double[] values = slots.get(VALUES);
    double[] indexes = slots.get(INDEXES);
    double[] gram = slots.get(GRAM);
    Workspace workspace = context.workspace();
    double[] g = workspace.array("g", d);
    double[] c = workspace.array("c", d);
    f.gradient(theta, g);
    int row = (int) (slots.steps() % window);
    int used = FisherWindow.used(window, slots.nextStep());
    for (int i = 0; i < d; i++) {
      error[i] += g[i];
      c[i] = 0;
    }
    select(error, kept, workspace, indexes, row * kept);
    for (int j = row * kept; j < (row + 1) * kept; j++) {
      int i = (int) indexes[j];
      values[j] = error[i];
      c[i] = error[i];
      error[i] = 0;
    }
    double[] x = preconditionCompressed ? c : g;
    double[] y = workspace.atLeast("y", window);
    for (int r = 0; r < used; r++) {
      double product = 0;
      y[r] = 0;
      for (int j = r * kept; j < (r + 1) * kept; j++) {
        product += values[j] * c[(int) indexes[j]];
        y[r] += values[j] * x[(int) indexes[j]];
      }
      gram[row * window + r] = product;
      gram[r * window + row] = product;
    }
    if (!FisherWindow.solve(gram, window, used, damp, context, y)) {
      Arrays.fill(theta, Double.NaN); // The square of a gradient has overflowed.
      return;
    }
    for (int r = 0; r < used; r++) {
      for (int j = r * kept; j < (r + 1) * kept; j++) {
        x[(int) indexes[j]] -= y[r] * values[j];
      }
    }
    double lr = context.learningRate();
    for (int i = 0; i < d; i++) {
      b[i] = momentum * b[i] + x[i] / damp;
      theta[i] = theta[i] * (1 - lr * weightDecay) - lr * b[i];
    }
  }

  /** Writes the coordinates of the greatest sizes in ascending order. */
  private static void select(
      double[] a, int kept, Workspace workspace, double[] indexes, int from) {
    double[] sizes = workspace.array("sizes", a.length);
    for (int i = 0; i < a.length; i++) {
      sizes[i] = Math.abs(a[i]);
    }
    Arrays.sort(sizes);
    double least = sizes[a.length - kept];
    int ties = kept;
    for (int i = 0; i < a.length; i++) {
      ties -= Math.abs(a[i]) > least ? 1 : 0;
    }
    int at = from;
    for (int i = 0; i < a.length && at < from + kept; i++) {
      double size = Math.abs(a[i]);
      if (size > least || size == least && ties-- > 0) {
        indexes[at++] = i;
      }
    }
  }

  /** Which coordinates are kept depends on all of them. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
