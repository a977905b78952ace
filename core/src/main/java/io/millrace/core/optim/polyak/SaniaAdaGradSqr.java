package io.millrace.core.optim.polyak;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Set;

/**
 * SANIA AdaGrad-SQR: a Polyak-type step that does not depend on the scale of features.
 * Abdukhakimov, Xiang, Kamzolov, Gower, Takac, "SANIA: Polyak-type Optimization Framework Leads to
 * Scale Invariant Stochastic Algorithms", arXiv:2312.17369.
 *
 * <pre>
 * s     &lt;- s + g^2
 * B     =  max(eps, s), with sqrt the root of that,  d = g / B,  q = g'd
 * lam   =  1 - sqrt(1 - 2 f / q)  where 2 f &lt;= q and the root is of more than 0, else 1
 * theta &lt;- theta - lr lam d
 * </pre>
 *
 * <p>Without sqrt no root is taken: squared, the preconditioner has the units of the curvature.
 * Scale does not matter where s is above eps. The loss has to be at least 0; it is asked for beside
 * the gradient. Deviations from the paper: lr is a factor, 1 in the paper. Memory d (s), a loss and
 * a gradient, 9d flops per step. Exact on sparse mini-batches. Immutable.
 */
public final class SaniaAdaGradSqr implements Optimizer {
  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "sania_adagrad_sqr",
          1,
          new Source(
              "Abdukhakimov et al., SANIA: Polyak-type Optimization Framework Leads to Scale"
                  + " Invariant Stochastic Algorithms, arXiv:2312.17369",
              Source.Confidence.CODE),
          1,
          List.of(Sania.EPS, Sania.SQRT),
          SaniaAdaGradSqr::new);

  private static final String SUM = "s";

  private final Sania sania;

  SaniaAdaGradSqr(HyperValues values) {
    sania = new Sania(values);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.VALUE, Oracle.GRADIENT);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(SUM);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] s = slots.get(SUM);
    double[] g = context.workspace().array("g", theta.length);
    double loss = f.value(theta);
    f.gradient(theta, g);
    sania.step(loss, theta, g, s, 1, 1, 1, context);
  }

  @Override
  public SparseSupport sparse() {
    return SparseSupport.EXACT;
  }
}
