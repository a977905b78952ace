package io.millrace.core.optim.proximal;

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
 * FTRL-Proximal, per coordinate. McMahan et al., "Ad Click Prediction: a View from the Trenches",
 * KDD 2013, Algorithm 1.
 *
 * <pre>
 * sigma  = (sqrt(n + g^2) - sqrt(n)) / alpha             alpha: the learning rate
 * z     &lt;- z + g - sigma theta
 * n     &lt;- n + g^2
 * theta &lt;- 0                                             where |z| &lt;= l1
 *          -(z - sign(z) l1) / ((beta + sqrt(n)) / alpha + l2)   elsewhere
 * </pre>
 *
 * <p>Deviations from the paper: alpha is the learning rate of the step and may follow a schedule; a
 * coordinate whose gradient is zero is left alone even if alpha has changed since; a coordinate
 * that starts at theta other than 0 (warm start) gets the z that yields that theta, where the paper
 * starts at 0; at an alpha of 0 nothing moves. Parameters are a function of (z, n): parts that
 * change parameters beside the step have no lasting effect, use l1 and l2. Memory 2d (z, n), one
 * gradient, about 14d flops and 2d roots per step. Exact on sparse mini-batches. Immutable.
 */
public final class FtrlProximal implements Optimizer {
  static final Hyper BETA =
      new Hyper("beta", 1, Range.nonNegative(), "slows the first steps of a coordinate");
  static final Hyper L1 = new Hyper("l1", 0, Range.nonNegative(), "L1 penalty: exact zeros");
  static final Hyper L2 = new Hyper("l2", 0, Range.nonNegative(), "L2 penalty");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "ftrl_proximal",
          1,
          new Source(
              "McMahan et al., Ad Click Prediction: a View from the Trenches, KDD 2013",
              Source.Confidence.DERIVED),
          0.1,
          List.of(BETA, L1, L2),
          FtrlProximal::new);

  private static final String LINEAR = "z";
  private static final String SQUARES = "n";

  private final double beta;
  private final double l1;
  private final double l2;

  FtrlProximal(HyperValues values) {
    beta = values.get(BETA);
    l1 = values.get(L1);
    l2 = values.get(L2);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(LINEAR);
    slots.elementwise(SQUARES);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] z = slots.get(LINEAR);
    double[] n = slots.get(SQUARES);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    if (context.learningRate() == 0) {
      return; // a schedule has come to its end: z would take 0/0
    }
    double perAlpha = 1 / context.learningRate();
    for (int i = 0; i < theta.length; i++) {
      double gi = g[i];
      if (gi == 0) {
        continue; // z and n would stay as they are; so does theta, whatever alpha has become.
      }
      double root = Math.sqrt(n[i]);
      if (n[i] == 0 && z[i] == 0 && theta[i] != 0) {
        // First gradient of a coordinate with a start value: the z whose argmin is that value.
        z[i] = -(theta[i] * (beta * perAlpha + l2) + Math.copySign(l1, theta[i]));
      }
      n[i] += gi * gi;
      double rootNow = Math.sqrt(n[i]);
      z[i] += gi - (rootNow - root) * perAlpha * theta[i];
      // A gradient so small that its square is 0 leaves n at 0; with beta and l2 at 0 the
      // denominator would be 0 as well.
      double curvature = (beta + rootNow) * perAlpha + l2;
      theta[i] =
          Math.abs(z[i]) <= l1 || curvature == 0
              ? 0
              : -(z[i] - Math.copySign(l1, z[i])) / curvature;
    }
  }

  @Override
  public SparseSupport sparse() {
    return SparseSupport.EXACT;
  }
}
