package io.millrace.core.optim.secondorder;

import io.millrace.core.linalg.IntegerPower;
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
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Set;

/**
 * AdaHessian: Adam with the Hessian's diagonal, estimated by one random probe per step, for second
 * moment. Yao et al., "ADAHESSIAN: An Adaptive Second Order Optimizer for Machine Learning",
 * arXiv:2006.00719, Algorithm 1; constants as in the authors' code (amirgholami/adahessian).
 *
 * <pre>
 * h      = |H z|, z of independent signs
 * m     &lt;- beta1 m + (1 - beta1) g
 * v     &lt;- beta2 v + (1 - beta2) h^2
 * theta &lt;- theta - lr ((m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t))^k + eps) + wd theta)
 * </pre>
 *
 * <p>Deviations from the paper: no averaging over neighbours, which it has for convolutions and
 * attention; a default learning rate of 0.01 for streams of small batches, 0.15 there. Memory 2d
 * (m, v), one gradient and one Hessian-vector product, about 16d flops per step. Immutable.
 */
public final class AdaHessian implements Optimizer {
  static final Hyper EPS = new Hyper("eps", 1e-4, Range.positive(), "added to the denominator");
  static final Hyper HESSIAN_POWER =
      new Hyper("hessian-power", 1, Range.closed(0, 1), "k, power of the curvature");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "adahessian",
          1,
          new Source(
              "Yao et al., ADAHESSIAN: An Adaptive Second Order Optimizer for Machine Learning,"
                  + " arXiv:2006.00719",
              Source.Confidence.CODE),
          0.01,
          List.of(Moments.BETA1, Moments.BETA2, EPS, WeightDecay.DECOUPLED, HESSIAN_POWER),
          AdaHessian::new);

  private final double beta1;
  private final double beta2;
  private final double eps;
  private final double weightDecay;
  private final double hessianPower;

  AdaHessian(HyperValues values) {
    beta1 = values.get(Moments.BETA1);
    beta2 = values.get(Moments.BETA2);
    eps = values.get(EPS);
    weightDecay = values.get(WeightDecay.DECOUPLED);
    hessianPower = values.get(HESSIAN_POWER);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.GRADIENT, Oracle.HESSIAN_VECTOR);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(Moments.FIRST);
    slots.elementwise(Moments.SECOND);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] m = slots.get(Moments.FIRST);
    double[] v = slots.get(Moments.SECOND);
    double[] g = context.workspace().array("g", theta.length);
    double[] z = context.workspace().array("z", theta.length);
    double[] h = context.workspace().array("h", theta.length);
    Draws draws = context.draws().fork(Purpose.PERTURBATION);
    for (int i = 0; i < theta.length; i++) {
      z[i] = draws.sign(i);
    }
    f.gradient(theta, g);
    f.hessianVector(theta, z, h);
    long t = slots.nextStep();
    double lr = context.learningRate();
    double correct1 = 1 - IntegerPower.of(beta1, t);
    double root2 = Math.sqrt(1 - IntegerPower.of(beta2, t));
    for (int i = 0; i < theta.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * h[i] * h[i];
      double curvature = Math.sqrt(v[i]) / root2;
      double power = hessianPower == 1 ? curvature : StrictMath.pow(curvature, hessianPower);
      theta[i] -= lr * (m[i] / correct1 / (power + eps) + weightDecay * theta[i]);
    }
  }

  /** The probe mixes the curvature of all coordinates that the objective knows. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
