package io.millrace.core.optim.adaptive;

import io.millrace.core.compute.Elementary;
import io.millrace.core.linalg.IntegerPower;
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
 * AdEMAMix. Pagliardini, Ablin, Grangier, "The AdEMAMix Optimizer: Better, Faster, Older",
 * arXiv:2409.03137, Algorithm 1.
 *
 * <pre>
 * alpha_t = alpha min(1, t / T_a)                              (T_a = 0: alpha)
 * beta3_t = 0.5^(1/(x+1)),  x = (1-a) h(beta1) + a h(beta3),  a = t / T_b    (t &gt;= T_b: beta3)
 *           h(b) = ln(0.5) / ln(b + 1e-8) - 1
 * m1      &lt;- beta1 m1 + (1 - beta1) g
 * m2      &lt;- beta3_t m2 + (1 - beta3_t) g
 * v       &lt;- beta2 v + (1 - beta2) g^2
 * step    =  (m1/(1-beta1^t) + alpha_t m2) / (sqrt(v)/sqrt(1-beta2^t) + eps)
 * theta   &lt;- theta - lr (step + wd theta)
 * </pre>
 *
 * <p>The slow average m2 has no bias correction; the 1e-8 inside h is part of the authors' code.
 * Deviations from the paper: none. Memory 3d (m1, m2, v), one gradient, about 20d flops and d roots
 * per step. Immutable.
 */
public final class AdEmaMix implements Optimizer {
  /** Closer to 1 the half-life h would be that of a growing average. */
  private static final Range DECAY = Range.closed(0, 0.9999999);

  static final Hyper BETA1 = new Hyper("beta1", 0.9, DECAY, "decay of the fast first moment");
  static final Hyper BETA3 = new Hyper("beta3", 0.9999, DECAY, "decay of the slow first moment");
  static final Hyper ALPHA =
      new Hyper("alpha", 2, Range.nonNegative(), "weight of the slow first moment");
  static final Hyper ALPHA_WARMUP =
      new Hyper("alpha-warmup", 0, Range.integers(0, 1e15), "steps until alpha is reached");
  static final Hyper BETA3_WARMUP =
      new Hyper("beta3-warmup", 0, Range.integers(0, 1e15), "steps from beta1 to beta3");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "ademamix",
          1,
          new Source(
              "Pagliardini, Ablin, Grangier, The AdEMAMix Optimizer: Better, Faster, Older,"
                  + " arXiv:2409.03137",
              Source.Confidence.CODE),
          0.001,
          List.of(
              BETA1,
              Moments.BETA2,
              BETA3,
              ALPHA,
              Moments.EPS,
              WeightDecay.DECOUPLED,
              ALPHA_WARMUP,
              BETA3_WARMUP),
          AdEmaMix::new);

  private static final String FAST = "m1";
  private static final String SLOW = "m2";
  private static final double LN_HALF = Elementary.log(0.5);

  private final double beta1;
  private final double beta2;
  private final double beta3;
  private final double alpha;
  private final double eps;
  private final double weightDecay;
  private final double alphaWarmup;
  private final double beta3Warmup;

  /** h(beta1) + 1 and h(beta3) + 1. */
  private final double fastLife;

  private final double slowLife;

  AdEmaMix(HyperValues values) {
    beta1 = values.get(BETA1);
    beta2 = values.get(Moments.BETA2);
    beta3 = values.get(BETA3);
    alpha = values.get(ALPHA);
    eps = values.get(Moments.EPS);
    weightDecay = values.get(WeightDecay.DECOUPLED);
    alphaWarmup = values.get(ALPHA_WARMUP);
    beta3Warmup = values.get(BETA3_WARMUP);
    fastLife = LN_HALF / Elementary.log(beta1 + 1e-8);
    slowLife = LN_HALF / Elementary.log(beta3 + 1e-8);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(FAST);
    slots.elementwise(SLOW);
    slots.elementwise(Moments.SECOND);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m1 = slots.get(FAST);
    double[] m2 = slots.get(SLOW);
    double[] v = slots.get(Moments.SECOND);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    long t = slots.nextStep();
    double lr = context.learningRate();
    double slow = slowDecay(t);
    double mix = t < alphaWarmup ? alpha * t / alphaWarmup : alpha;
    double scale1 = 1 / (1 - IntegerPower.of(beta1, t));
    double root2 = Math.sqrt(1 - IntegerPower.of(beta2, t));
    for (int i = 0; i < theta.length; i++) {
      m1[i] = beta1 * m1[i] + (1 - beta1) * g[i];
      m2[i] = slow * m2[i] + (1 - slow) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      double step = (m1[i] * scale1 + mix * m2[i]) / (Math.sqrt(v[i]) / root2 + eps);
      theta[i] -= lr * (step + weightDecay * theta[i]);
    }
  }

  /** beta3_t: half-lives are interpolated, not decays. */
  private double slowDecay(long t) {
    if (t >= beta3Warmup) {
      return beta3;
    }
    double a = t / beta3Warmup;
    return Elementary.exp(LN_HALF / ((1 - a) * fastLife + a * slowLife));
  }

  /** The moments decay, and a moment that is not zero moves its parameter, at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
