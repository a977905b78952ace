package io.millrace.core.optim.firstorder;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * NAG-GS, a semi-implicit Gauss-Seidel discretization of an accelerated flow. Leplat, Merkulov,
 * Katrutsa, Bershatsky, Tsymboi, Oseledets, "NAG-GS: Semi-Implicit, Accelerated and Robust
 * Stochastic Optimizer", arXiv:2209.14937, Algorithm 1.
 *
 * <pre>
 * alpha = lr,  a = alpha / (1 + alpha)
 * gamma &lt;- (1 - a) gamma + a mu                  (kept where update-gamma is 0: NAG4)
 * b     =  alpha mu / (alpha mu + gamma)
 * v     &lt;- (1 - b) v + b theta - (b / mu) g,       v_0 = theta_0
 * theta &lt;- (1 - a) theta + a v
 * </pre>
 *
 * <p>b / mu is computed as alpha / (alpha mu + gamma), so mu may be 0. This is the paper's rule and
 * that of the authors' JAX file; their PyTorch class computes the new gamma and drops it.
 * Deviations from the paper: none. Memory d + 1 (v, gamma), one gradient and 8d flops per step.
 * Immutable.
 */
public final class NagGs implements Optimizer {
  static final Hyper MU = new Hyper("mu", 1, Range.nonNegative(), "strong convexity assumed");
  static final Hyper GAMMA =
      new Hyper("gamma", 1.5, Range.positive(), "gamma before the first step");
  static final Hyper UPDATE_GAMMA =
      new Hyper("update-gamma", 1, Range.flag(), "whether gamma moves towards mu");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "nag_gs",
          1,
          new Source(
              "Leplat et al., NAG-GS: Semi-Implicit, Accelerated and Robust Stochastic Optimizer,"
                  + " arXiv:2209.14937",
              Source.Confidence.CODE_READ),
          0.05,
          List.of(MU, GAMMA, UPDATE_GAMMA),
          NagGs::new);

  private static final String VELOCITY = "v";
  private static final String CURVATURE = "gamma";

  private final double mu;
  private final double gamma0;
  private final boolean updateGamma;

  NagGs(HyperValues values) {
    mu = values.get(MU);
    gamma0 = values.get(GAMMA);
    updateGamma = values.flag(UPDATE_GAMMA);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(VELOCITY);
    slots.block(CURVATURE, 1);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    System.arraycopy(theta, 0, slots.get(VELOCITY), 0, theta.length);
    slots.get(CURVATURE)[0] = gamma0;
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] v = slots.get(VELOCITY);
    double[] gamma = slots.get(CURVATURE);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    double alpha = context.learningRate();
    double a = alpha / (1 + alpha);
    if (updateGamma) {
      // With mu at 0 gamma decays for ever: held off zero, where b would be 0/0.
      gamma[0] = Math.max((1 - a) * gamma[0] + a * mu, Double.MIN_NORMAL);
    }
    double perMu = alpha / (alpha * mu + gamma[0]);
    double b = mu * perMu;
    for (int i = 0; i < theta.length; i++) {
      v[i] = (1 - b) * v[i] + b * theta[i] - perMu * g[i];
      theta[i] = (1 - a) * theta[i] + a * v[i];
    }
  }

  /** Parameter and velocity pull at each other at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
