package io.millrace.core.optim.parameterfree;

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
 * A-DoG, accelerated DoG. Kreisler, Ivgi, Hinder, Carmon, "Accelerated Parameter-Free Stochastic
 * Optimization", arXiv:2404.00666, the practical variant of section 5.
 *
 * <pre>
 * S     &lt;- S + a^2 |g|^2,  eta = lr rbar / sqrt(S)             S_0 = eps
 * u     &lt;- u - eta a g                                          u_0 = theta_0
 * y     =  theta - eta g
 * rbar  &lt;- max(rbar, |u - theta_0|)                             first reps-rel (1 + |theta_0|)
 * B     &lt;- B + rbar,  a &lt;- max(1, alpha-const B / rbar)         B_0 = rbar_0
 * theta &lt;- (1 - 1/a) y + u / a
 * </pre>
 *
 * <p>Norms go over all parameters. Published is y; lr is a factor, 1 in the paper. Deviations from
 * the paper: none known, the rule is that of the authors' class with its default options, read and
 * not run. Memory 3d + 4 (u, y, theta_0, S, rbar, B, a), one gradient, 14d flops and two reductions
 * per step. Immutable.
 */
public final class ADog implements Optimizer {
  static final Hyper REPS_REL =
      new Hyper("reps-rel", 1e-6, Range.positive(), "first distance, relative to 1 + |theta_0|");
  static final Hyper EPS =
      new Hyper("eps", 1e-8, Range.positive(), "sum of squared gradients before the first step");
  static final Hyper ALPHA_CONST =
      new Hyper("alpha-const", 0.5, Range.nonNegative(), "share of the weights' sum in the weight");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "adog",
          1,
          new Source(
              "Kreisler, Ivgi, Hinder, Carmon, Accelerated Parameter-Free Stochastic Optimization,"
                  + " arXiv:2404.00666",
              Source.Confidence.CODE_READ),
          1,
          List.of(REPS_REL, EPS, ALPHA_CONST),
          ADog::new);

  private static final String DUAL = "u";
  private static final String PRIMAL = "y";
  private static final String START = "start";
  private static final String SUMS = "sums";
  private static final int SQUARES = 0;
  private static final int DISTANCE = 1;
  private static final int DISTANCES = 2;
  private static final int WEIGHT = 3;

  private final double repsRel;
  private final double eps;
  private final double alphaConst;

  ADog(HyperValues values) {
    repsRel = values.get(REPS_REL);
    eps = values.get(EPS);
    alphaConst = values.get(ALPHA_CONST);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(DUAL);
    slots.elementwise(PRIMAL);
    slots.elementwise(START);
    slots.block(SUMS, 4);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    double norm = 0;
    for (double w : theta) {
      norm += w * w;
    }
    System.arraycopy(theta, 0, slots.get(DUAL), 0, theta.length);
    System.arraycopy(theta, 0, slots.get(PRIMAL), 0, theta.length);
    System.arraycopy(theta, 0, slots.get(START), 0, theta.length);
    double[] sums = slots.get(SUMS);
    sums[SQUARES] = eps;
    sums[DISTANCE] = repsRel * (1 + Math.sqrt(norm));
    sums[DISTANCES] = sums[DISTANCE];
    sums[WEIGHT] = Math.max(1, alphaConst);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] u = slots.get(DUAL);
    double[] y = slots.get(PRIMAL);
    double[] start = slots.get(START);
    double[] sums = slots.get(SUMS);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    double steep = 0;
    for (double gi : g) {
      steep += gi * gi;
    }
    double a = sums[WEIGHT];
    sums[SQUARES] += a * a * steep;
    double eta = context.learningRate() * sums[DISTANCE] / Math.sqrt(sums[SQUARES]);
    double far = 0;
    for (int i = 0; i < theta.length; i++) {
      u[i] -= eta * a * g[i];
      y[i] = theta[i] - eta * g[i];
      double moved = u[i] - start[i];
      far += moved * moved;
    }
    sums[DISTANCE] = Math.max(sums[DISTANCE], Math.sqrt(far));
    sums[DISTANCES] += sums[DISTANCE];
    sums[WEIGHT] = Math.max(1, alphaConst * sums[DISTANCES] / sums[DISTANCE]);
    double share = 1 / sums[WEIGHT];
    for (int i = 0; i < theta.length; i++) {
      theta[i] = (1 - share) * y[i] + share * u[i];
    }
    context.stepSize(eta);
  }

  @Override
  public void publish(double[] theta, Slots slots, double[] out) {
    System.arraycopy(slots.get(PRIMAL), 0, out, 0, out.length);
  }

  @Override
  public boolean publishesAnotherPoint() {
    return true;
  }

  /** The distance goes over all coordinates, and the parameters move at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
