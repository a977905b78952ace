package io.millrace.core.optim.parameterfree;

import io.millrace.core.compute.Workspace;
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
 * Six copies at rates far apart, published as their best mixture: nothing to tune.
 *
 * <p>The mixture is Millrace's own, of published parts. A grid of rates under one online learner
 * that weighs them: van Erven, Koolen, "MetaGrad: Multiple Learning Rates in Online Learning",
 * arXiv:1604.08740. The learner here is the online Newton step: Hazan, Agarwal, Kale, "Logarithmic
 * Regret Algorithms for Online Convex Optimization", Machine Learning 69 (2007). Three copies go on
 * following a stream that drifts: SGD. Three settle: SC-Adagrad, the diagonal online Newton step,
 * Mukkamala, Hein, "Variants of RMSProp and Adagrad with Logarithmic Regret Bounds",
 * arXiv:1706.05507. All are capped by the Polyak step with c = 1/2: Loizou et al.,
 * arXiv:2002.10542, equation 3.
 *
 * <pre>
 * r      =  1/64, 1/8, 1
 * mix    =  sum_k w_k theta_k,   g = grad f(mix),   g_k = grad f(theta_k)
 * s_k    =  g'(theta_k - mix)                                slope of f(mix) in w_k
 * c      =  sum_k (g_k - g)'(theta_k - mix)                  curvature between copies and mixture
 * A     &lt;-  (1 - n/window) A + n c s s' / |s|^2               n rows in the mini-batch
 * cbar  &lt;-  cbar + (c - cbar) / min(t, window / n)
 * w     &lt;-  argmin over the simplex of n s'(v - w) + (v - w)'(A + damping cbar / 6 I)(v - w) / 2
 * q_k   &lt;-  q_k + (g_k / G)^2                                k = 4 to 6
 * d_k    =  lr P/G r_k g_k   for k = 1 to 3,   lr P/G g_k / (q_k + 1 / r_k)   for k = 4 to 6
 * theta_k &lt;- theta_k - min(1, 2 f(theta_k) / g_k'd_k) d_k
 * </pre>
 *
 * <p>c s s' / |s|^2 is the Hessian in w of a loss of one linear output, averaged between the
 * points, and in other cases has its trace: so the mixture does not depend on the unit of the loss,
 * and the online Newton step's s s' is its special case. A step without slope, or where c is not
 * above 0, leaves w as it is. The minimum is approached by {@link SimplexNewton}. The mixture lies
 * between its copies: its loss, where convex, is never above the worst copy's; between perceptrons,
 * where it is not, it may be, and another rule does better. Twice f over g'd is the step to the
 * minimum of a quadratic whose least value is 0, and losses are never below 0; where f is 0, copies
 * 1 to 3 stand still, and 4 to 6 step without a cap. P and G are the units of parameters and
 * gradients ({@link StepContext#parameterUnit}), 1 for classes: so labels in another unit, or
 * counts of another size, give the same model in that unit.
 *
 * <p>The parameters stepped on are the first copy; published is the mixture, with w = 1/6 before
 * the first step. Parts that change parameters beside the step (decay, penalties) reach the first
 * copy only; those that change gradients reach all. Deviations from the papers: the curvature above
 * in place of s s'; damping that follows cbar; no projection of copies; SC-Adagrad capped. Memory
 * 8d + 43, seven gradients and six losses, about 75d flops per step. Exact on sparse mini-batches.
 * Immutable.
 */
public final class RateMixture implements Optimizer {
  static final Hyper WINDOW =
      new Hyper(
          "window", 10_000, Range.integers(1, 1e15), "rows whose curvature the mixture remembers");
  static final Hyper DAMPING =
      new Hyper(
          "damping", 100, Range.positive(), "rows of mean curvature that hold the mixture back");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "rate_mixture",
          1,
          new Source(
              "Millrace's own mixture by online Newton step (Hazan, Agarwal, Kale, Logarithmic"
                  + " Regret Algorithms for Online Convex Optimization, 2007) of copies at a grid of"
                  + " rates (van Erven, Koolen, MetaGrad, arXiv:1604.08740): SGD and SC-Adagrad"
                  + " (Mukkamala, Hein, arXiv:1706.05507), capped by Polyak steps (Loizou et al.,"
                  + " arXiv:2002.10542)",
              Source.Confidence.MEMORY),
          1,
          List.of(WINDOW, DAMPING),
          RateMixture::new);

  /** Of each kind of copy. */
  private static final double[] RATES = {1.0 / 64, 1.0 / 8, 1};

  /** The first copy is in the parameters themselves. */
  private static final String[] POINTS = {
    "follower-2", "follower-3", "settler-1", "settler-2", "settler-3"
  };

  private static final int COPIES = POINTS.length + 1;
  private static final String[] SQUARES = {"squares-1", "squares-2", "squares-3"};
  private static final String WEIGHTS = "weights";
  private static final String CURVATURE = "curvature";
  private static final String MEAN = "mean-curvature";

  private final double window;
  private final double damping;

  RateMixture(HyperValues values) {
    window = values.get(WINDOW);
    damping = values.get(DAMPING);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.VALUE, Oracle.GRADIENT);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    for (String point : POINTS) {
      slots.elementwise(point);
    }
    for (String squares : SQUARES) {
      slots.elementwise(squares);
    }
    slots.block(WEIGHTS, COPIES);
    slots.block(CURVATURE, COPIES * COPIES);
    slots.block(MEAN, 1);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    for (String point : POINTS) {
      System.arraycopy(theta, 0, slots.get(point), 0, theta.length);
    }
    Arrays.fill(slots.get(WEIGHTS), 1.0 / COPIES);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    Workspace scratch = context.workspace();
    double[] mix = scratch.array("mix", theta.length);
    double[] g = scratch.array("g", theta.length);
    double[] gk = scratch.array("gk", theta.length);
    double[] s = scratch.array("s", COPIES);
    double h = 1 / context.gradientUnit();
    double lr = context.learningRate() * context.parameterUnit() * h;
    publish(theta, slots, mix);
    f.gradient(mix, g);
    double c = 0;
    for (int k = 0; k < COPIES; k++) {
      double[] thetaK = copy(k, theta, slots);
      f.gradient(thetaK, gk);
      double sk = 0;
      for (int i = 0; i < mix.length; i++) {
        double away = thetaK[i] - mix[i];
        sk += g[i] * away;
        c += (gk[i] - g[i]) * away;
      }
      s[k] = sk;
      double rate = RATES[k % RATES.length];
      double loss = f.value(thetaK);
      if (k < RATES.length) {
        follow(thetaK, gk, loss, lr * rate);
      } else {
        settle(thetaK, gk, loss, slots.get(SQUARES[k - RATES.length]), lr, h, 1 / rate);
      }
    }
    weigh(s, c, f.samples(), slots, scratch);
  }

  private static double[] copy(int k, double[] theta, Slots slots) {
    return k == 0 ? theta : slots.get(POINTS[k - 1]);
  }

  /** Moves one of the copies 1 to 3, d = eta g. */
  private static void follow(double[] theta, double[] g, double loss, double eta) {
    double gd = 0;
    for (double gi : g) {
      gd += gi * (eta * gi);
    }
    if (gd == 0) {
      return; // No direction; the cap would be x/0.
    }
    double share = eta * Math.min(1, 2 * Math.max(loss, 0) / gd);
    for (int i = 0; i < g.length; i++) {
      theta[i] -= share * g[i];
    }
  }

  /** Moves one of the copies 4 to 6, d = lr g / (q + first). */
  private static void settle(
      double[] theta, double[] g, double loss, double[] q, double lr, double h, double first) {
    double gd = 0;
    for (int i = 0; i < g.length; i++) {
      q[i] += h * g[i] * (h * g[i]);
      gd += g[i] * (g[i] / (q[i] + first));
    }
    if (gd == 0) {
      return;
    }
    double share = lr * (loss > 0 ? Math.min(1, 2 * loss / (lr * gd)) : 1);
    for (int i = 0; i < g.length; i++) {
      theta[i] -= share * g[i] / (q[i] + first);
    }
  }

  @Override
  public boolean usesUnits() {
    return true;
  }

  /** Moves A, cbar and w. */
  private void weigh(double[] s, double c, int n, Slots slots, Workspace scratch) {
    double square = 0;
    for (double sk : s) {
      square += sk * sk;
    }
    // Overflow would make both useless; below 0 the loss is not convex here.
    if (!(square > 0 && square < Double.POSITIVE_INFINITY)
        || !(c > 0 && c < Double.POSITIVE_INFINITY)) {
      return;
    }
    double[] a = slots.get(CURVATURE);
    double keep = Math.max(0, 1 - n / window);
    double norm = Math.sqrt(square);
    for (int i = 0; i < COPIES; i++) {
      for (int j = 0; j < COPIES; j++) {
        a[i * COPIES + j] = keep * a[i * COPIES + j] + n * c * (s[i] / norm * (s[j] / norm));
      }
    }
    double[] cbar = slots.get(MEAN);
    cbar[0] += (c - cbar[0]) / Math.min(slots.nextStep(), Math.max(1, window / n));
    // Steps on n rows count n times, as A does: so s and A are those of the sum over the rows.
    for (int k = 0; k < COPIES; k++) {
      s[k] *= n;
    }
    SimplexNewton.step(
        slots.get(WEIGHTS), s, a, damping * cbar[0] / COPIES, scratch.array("simplex", COPIES));
  }

  @Override
  public void publish(double[] theta, Slots slots, double[] out) {
    double[] w = slots.get(WEIGHTS);
    for (int i = 0; i < out.length; i++) {
      out[i] = w[0] * theta[i];
    }
    for (int k = 1; k < COPIES; k++) {
      double[] thetaK = copy(k, theta, slots);
      double wk = w[k];
      for (int i = 0; i < out.length; i++) {
        out[i] += wk * thetaK[i];
      }
    }
  }

  @Override
  public boolean publishesAnotherPoint() {
    return true;
  }

  /** At a zero gradient a copy stands still; w follows from sums over the other coordinates. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.EXACT;
  }
}
