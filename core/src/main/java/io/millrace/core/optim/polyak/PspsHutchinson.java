package io.millrace.core.optim.polyak;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
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
import java.util.List;
import java.util.Set;

/**
 * PSPS with a Hutchinson diagonal: the Polyak step in the norm of a preconditioner. Abdukhakimov,
 * Xiang, Kamzolov, Takac, "Stochastic Gradient Descent with Preconditioned Polyak Step-size",
 * arXiv:2310.02093. The defaults of beta and alpha are [memory]: recalled, the paper was not at
 * hand; the step follows from its definition.
 *
 * <pre>
 * s     =  z (H z)                          z: random signs
 * D     &lt;- beta D + (1 - beta) s            (first: s)
 * B     =  max(|D|, alpha),  d = g / B
 * theta &lt;- theta - min(lr, (f - lower-bound) / g'd) d
 * </pre>
 *
 * <p>The learning rate is the cap. Deviations from the paper: a coordinate takes s as its D when
 * its first curvature that is not 0 is seen, which is the first step unless features are absent; a
 * loss below the bound makes no step. Memory d (D), a loss, a gradient and a Hessian-vector product
 * of the same mini-batch, about 10d flops per step. Immutable.
 */
public final class PspsHutchinson implements Optimizer {
  static final Hyper BETA = new Hyper("beta", 0.999, Range.halfOpen(0, 1), "decay of the diagonal");
  static final Hyper ALPHA =
      new Hyper("alpha", 1e-4, Range.positive(), "least value of the diagonal");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "psps_hutchinson",
          1,
          new Source(
              "Abdukhakimov, Xiang, Kamzolov, Takac, Stochastic Gradient Descent with"
                  + " Preconditioned Polyak Step-size, arXiv:2310.02093",
              Source.Confidence.MEMORY),
          1,
          List.of(BETA, ALPHA, Polyak.LOWER_BOUND),
          PspsHutchinson::new);

  private static final String DIAGONAL = "d";

  private final double beta;
  private final double alpha;
  private final double lowerBound;

  PspsHutchinson(HyperValues values) {
    beta = values.get(BETA);
    alpha = values.get(ALPHA);
    lowerBound = values.get(Polyak.LOWER_BOUND);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.VALUE, Oracle.GRADIENT, Oracle.HESSIAN_VECTOR);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(DIAGONAL);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] diagonal = slots.get(DIAGONAL);
    double[] g = context.workspace().array("g", theta.length);
    double[] z = context.workspace().array("z", theta.length);
    double[] product = context.workspace().array("product", theta.length);
    Draws draws = context.draws().fork(Purpose.PERTURBATION);
    for (int i = 0; i < theta.length; i++) {
      z[i] = draws.sign(i);
    }
    double loss = f.value(theta);
    f.gradient(theta, g);
    f.hessianVector(theta, z, product);
    double along = 0;
    for (int i = 0; i < theta.length; i++) {
      double s = z[i] * product[i];
      diagonal[i] = diagonal[i] == 0 ? s : beta * diagonal[i] + (1 - beta) * s;
      along += g[i] * g[i] / Math.max(Math.abs(diagonal[i]), alpha);
    }
    if (along == 0) {
      return; // No direction; the quotient would be x/0.
    }
    double rate = Polyak.step(loss - lowerBound, along, context.learningRate());
    for (int i = 0; i < theta.length; i++) {
      theta[i] -= rate * (g[i] / Math.max(Math.abs(diagonal[i]), alpha));
    }
    context.stepSize(rate);
  }

  /** The diagonal of untouched coordinates would decay. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.LAZY;
  }
}
