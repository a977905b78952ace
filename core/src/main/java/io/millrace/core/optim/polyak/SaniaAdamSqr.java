package io.millrace.core.optim.polyak;

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
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Set;

/**
 * SANIA Adam-SQR: {@link SaniaAdaGradSqr} with a decayed mean of squares. Abdukhakimov et al.,
 * arXiv:2312.17369.
 *
 * <pre>
 * s     &lt;- beta2 s + (1 - beta2) g^2,  v = s / (1 - beta2^t)
 * then B, d, q, lam and theta from v as there
 * </pre>
 *
 * <p>Deviations from the paper: lr is a factor, 1 in the paper. Memory d (s), a loss and a
 * gradient, 12d flops per step. Immutable.
 */
public final class SaniaAdamSqr implements Optimizer {
  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "sania_adam_sqr",
          1,
          new Source(
              "Abdukhakimov et al., SANIA: Polyak-type Optimization Framework Leads to Scale"
                  + " Invariant Stochastic Algorithms, arXiv:2312.17369",
              Source.Confidence.CODE),
          1,
          List.of(Sania.EPS, Sania.SQRT, Moments.BETA2),
          SaniaAdamSqr::new);

  private static final String SECOND = "s";

  private final Sania sania;
  private final double beta2;

  SaniaAdamSqr(HyperValues values) {
    sania = new Sania(values);
    beta2 = values.get(Moments.BETA2);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.VALUE, Oracle.GRADIENT);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(SECOND);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] s = slots.get(SECOND);
    double[] g = context.workspace().array("g", theta.length);
    double loss = f.value(theta);
    f.gradient(theta, g);
    double scale = 1 / (1 - IntegerPower.of(beta2, slots.nextStep()));
    sania.step(loss, theta, g, s, beta2, 1 - beta2, scale, context);
  }

  /** The second moment decays at a zero gradient. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
