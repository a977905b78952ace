package io.millrace.core.optim.adaptive;

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
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Preconditioned gradient descent with one energy. Liu, Nurbekyan, Tian, Yang, "Adaptive
 * Preconditioned Gradient Descent with Energy", arXiv:2310.06733.
 *
 * <pre>
 * u     =  g / (2 sqrt(f + c)),  r_0 = sqrt(f + c) at the first step
 * d     =  A^-1 u
 * r     &lt;- r / (1 + 2 lr u'd)                      positive, never grows
 * theta &lt;- theta - 2 lr r d
 * </pre>
 *
 * <p>A is a diagonal, kept in a slot: the identity, or, where beta2 is above 0, sqrt(v / (1 -
 * beta2^t)) + eps with v the decayed mean of g^2. Deviations from the paper: A is diagonal, and the
 * adaptive one is this file's; a loss at -c or below counts as a little more (see {@link Energy}).
 * Memory 2d + 1 (A, v, r), a loss and a gradient, about 8d flops per step. Exact on sparse
 * mini-batches where A does not change. Immutable.
 */
public final class PreconditionedAegd implements Optimizer {
  static final Hyper BETA2 =
      new Hyper("beta2", 0, Range.halfOpen(0, 1), "decay of A's second moment; 0: A stays");
  static final Hyper EPS = new Hyper("eps", 1e-8, Range.positive(), "added to A's root");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "preconditioned_aegd",
          1,
          new Source(
              "Liu, Nurbekyan, Tian, Yang, Adaptive Preconditioned Gradient Descent with Energy,"
                  + " arXiv:2310.06733",
              Source.Confidence.DERIVED),
          0.1,
          List.of(Energy.C, BETA2, EPS),
          PreconditionedAegd::new);

  private static final String PRECONDITIONER = "preconditioner-diag";
  private static final String ENERGY = "r";

  private final double c;
  private final double beta2;
  private final double eps;

  PreconditionedAegd(HyperValues values) {
    c = values.get(Energy.C);
    beta2 = values.get(BETA2);
    eps = values.get(EPS);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.VALUE, Oracle.GRADIENT);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(PRECONDITIONER);
    slots.elementwise(Moments.SECOND);
    slots.block(ENERGY, 1);
  }

  @Override
  public void initialize(double[] theta, Slots slots) {
    Arrays.fill(slots.get(PRECONDITIONER), 1);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] a = slots.get(PRECONDITIONER);
    double[] r = slots.get(ENERGY);
    double[] g = context.workspace().array("g", theta.length);
    double s = Energy.of(f.value(theta), c);
    f.gradient(theta, g);
    if (slots.steps() == 0) {
      r[0] = s;
    }
    if (beta2 > 0) {
      adapt(a, slots.get(Moments.SECOND), g, slots.nextStep());
    }
    double along = 0;
    for (int i = 0; i < theta.length; i++) {
      if (g[i] != 0) { // The padding of packed arrays has a diagonal of 0.
        along += g[i] * (g[i] / a[i]);
      }
    }
    along /= 4 * s * s; // u = g / (2 s) stands in it twice.
    if (along == Double.POSITIVE_INFINITY) {
      along = Double.NaN; // It has overflowed; the energy would be 0 for ever.
    }
    double lr = context.learningRate();
    r[0] = Math.max(r[0] / (1 + 2 * lr * along), Double.MIN_VALUE);
    double rate = 2 * lr * r[0] / (2 * s);
    for (int i = 0; i < theta.length; i++) {
      if (g[i] != 0) {
        theta[i] -= rate * (g[i] / a[i]);
      }
    }
  }

  private void adapt(double[] a, double[] v, double[] g, long t) {
    double scale = 1 / (1 - IntegerPower.of(beta2, t));
    for (int i = 0; i < a.length; i++) {
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
      a[i] = Math.sqrt(v[i] * scale) + eps;
    }
  }

  @Override
  public SparseSupport sparse() {
    return beta2 == 0 ? SparseSupport.EXACT : SparseSupport.LAZY;
  }
}
