package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * PSGD that whitens the gradient by a preconditioner of low rank: P = Q'Q, Q = (I + U V') diag(d).
 * Pooladzandi, Li, "Curvature-Informed SGD via General Purpose Lie-Group Preconditioners",
 * arXiv:2402.04553; order and constants as in the author's code (lixilinx/psgd_torch,
 * update_precond_lra and precond_grad_lra). With h = g and v of independent normals
 *
 * <pre>
 * U, V  : balanced to equal traces and a common Gram matrix
 * a      = Q h,  p = Q'a,  b = Q'^-1 v,  i = Q^-1 b,  S = I + V'U
 * d     &lt;- d - (lr-precond / Ld) (p h - v i) d
 * U     &lt;- U - (lr-precond / Lu) (a (a'V) S - b (b'V) S)                  on heads
 * V     &lt;- V - (lr-precond / Lv) ((a + V U'a)(a'U) - (b + V U'b)(b'U))    on tails
 * u      = Q'Q g, scaled to a root mean square of clip-rms, elements cut at clip-elem
 * theta &lt;- theta - lr u
 * </pre>
 *
 * <p>Ld, Lu, Lv are running smoothness bounds, {@code L <- max(betaL L + (1 - betaL) l, l)}.
 * Deviations from the code: no damping noise on h; where h is zero the fit is left out, because
 * there Q would grow without bound. Memory {@code (2 r + 1) d}, one gradient, about {@code 40 r d}
 * flops per step. Immutable.
 */
public final class PsgdLraWhiten implements Optimizer {
  static final Hyper CLIP_RMS =
      new Hyper("clip-rms", 2, Range.positive(), "greatest root mean square of an update");
  static final Hyper CLIP_ELEM =
      new Hyper("clip-elem", 10, Range.positive(), "greatest element of an update");
  static final Hyper RANK =
      Hyper.structural("rank", 10, Range.integers(1, Integer.MAX_VALUE), "r, columns of U and V");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "psgd_lra_whiten",
          1,
          new Source(
              "Pooladzandi, Li, Curvature-Informed SGD via General Purpose Lie-Group"
                  + " Preconditioners, arXiv:2402.04553",
              Source.Confidence.CODE),
          0.001,
          List.of(
              PsgdDenseNewton.LR_PRECOND,
              PsgdDenseNewton.BETAL,
              PsgdDenseNewton.INIT_SCALE,
              CLIP_RMS,
              CLIP_ELEM,
              RANK),
          PsgdLraWhiten::new);

  private static final String U = "u";
  private static final String V = "v";
  private static final String D = "d";
  private static final String SMOOTHNESS = "smoothness";

  private final double lrPrecond;
  private final double betal;
  private final double initScale;
  private final double clipRms;
  private final double clipElem;
  private final int rank;

  PsgdLraWhiten(HyperValues values) {
    lrPrecond = values.get(PsgdDenseNewton.LR_PRECOND);
    betal = values.get(PsgdDenseNewton.BETAL);
    initScale = values.get(PsgdDenseNewton.INIT_SCALE);
    clipRms = values.get(CLIP_RMS);
    clipElem = values.get(CLIP_ELEM);
    rank = (int) values.get(RANK);
  }

  private static final int OF_D = 0;
  private static final int OF_U = 1;
  private static final int OF_V = 2;

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    int r = Math.min(rank, layout.size());
    slots.block(U, (long) layout.size() * r);
    slots.block(V, (long) layout.size() * r);
    slots.elementwise(D);
    slots.block(SMOOTHNESS, 3);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    Arrays.fill(slots.get(D), initScale);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    int n = theta.length;
    double[] u = slots.get(U);
    double[] v = slots.get(V);
    if (slots.steps() == 0) {
      Draws draws = context.draws().fork(Purpose.INITIALIZATION);
      start(u, draws, 0, context.compute());
      start(v, draws, u.length, context.compute());
    }
    double[] d = slots.get(D);
    double[] g = context.workspace().array("g", n);
    f.gradient(theta, g);
    LowRank q = context.workspace().object("psgd", LowRank.class, LowRank::new);
    q.aim(n, Math.min(rank, n), u, v, d, context);
    if (context.compute().norm(n, g, 0) > 0) {
      fit(q, g, slots.get(SMOOTHNESS), context);
    }
    double[] update = context.workspace().array("update", n);
    q.apply(g, update);
    q.applyTransposed(update, update);
    double rms = context.compute().norm(n, update, 0) / Math.sqrt(n);
    double scale = rms > clipRms ? clipRms / rms : 1;
    double lr = context.learningRate();
    for (int i = 0; i < n; i++) {
      theta[i] -= lr * Math.max(-clipElem, Math.min(clipElem, scale * update[i]));
    }
  }

  /** Gaussian, scaled to a Frobenius norm of sqrt(0.1), unless values are given. */
  private static void start(double[] a, Draws draws, int from, Kernels compute) {
    if (compute.norm(a.length, a, 0) > 0) {
      return;
    }
    for (int i = 0; i < a.length; i++) {
      a[i] = draws.normal(from + i);
    }
    double scale = Math.sqrt(0.1) / compute.norm(a.length, a, 0);
    for (int i = 0; i < a.length; i++) {
      a[i] *= scale;
    }
  }

  private void fit(LowRank q, double[] h, double[] smoothness, StepContext context) {
    int n = h.length;
    Workspace workspace = context.workspace();
    double[] probe = workspace.array("probe", n);
    double[] a = workspace.array("a", n);
    double[] p = workspace.array("p", n);
    double[] b = workspace.array("b", n);
    double[] inverse = workspace.array("inverse", n);
    Draws draws = context.draws().fork(Purpose.PERTURBATION);
    for (int i = 0; i < n; i++) {
      probe[i] = draws.normal(i);
    }
    q.balance();
    q.apply(h, a);
    q.applyTransposed(a, p);
    double[] s = q.s();
    if (!q.solve(s, probe, b, inverse)) {
      return; // Q has no inverse to rounding; the next probe and gradient move it on.
    }
    double most = 0;
    double mostInverse = 0;
    for (int i = 0; i < n; i++) {
      most = Math.max(most, Math.abs(p[i] * h[i]));
      mostInverse = Math.max(mostInverse, Math.abs(probe[i] * inverse[i]));
    }
    double rate = rate(smoothness, OF_D, most + mostInverse);
    for (int i = 0; i < n; i++) {
      q.d[i] -= rate * (p[i] * h[i] - probe[i] * inverse[i]) * q.d[i];
    }
    boolean heads = context.draws().fork(Purpose.SCHEDULE).coin(0, 0.5);
    LowRank.Turn turn = q.turn(heads, a, b);
    q.update(turn, s, rate(smoothness, heads ? OF_U : OF_V, turn.size));
  }

  private double rate(double[] smoothness, int of, double size) {
    smoothness[of] = Math.max(betal * smoothness[of] + (1 - betal) * size, size);
    // Only where U or V is zero is there nothing to step on.
    return smoothness[of] == 0 ? 0 : lrPrecond / smoothness[of];
  }

  /** The preconditioner mixes all coordinates. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
