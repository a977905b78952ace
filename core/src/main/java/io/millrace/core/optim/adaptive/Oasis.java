package io.millrace.core.optim.adaptive;

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
 * OASIS: a Hutchinson diagonal and a learning rate that adapts to it. Jahani, Rusakov, Shi,
 * Richtarik, Mahoney, Takac, "Doubly Adaptive Scaled Algorithm for Machine Learning Using
 * Second-Order Information", arXiv:2109.05198, Algorithm 1.
 *
 * <pre>
 * D     &lt;- beta2 D + (1 - beta2) z (H z)         z: random signs; from the second step on
 * B     =  max(|D|, alpha)
 * eta_t =  min(sqrt(1 + ratio) eta, 0.5 sqrt(sum B dw^2 / sum dg^2 / B)),  ratio &lt;- eta_t / eta
 *          dw: the last move, dg: what it changed in this mini-batch's gradient
 * theta &lt;- theta - lr eta_t g / B
 * </pre>
 *
 * <p>The first step takes eta0 as eta and, unless D has been given, the mean of initial-probes
 * probes as D; at the second the ratio is infinite and the curvature alone decides. Deviations from
 * the paper: lr is a factor, 1 in the paper, for the noise that curvature does not show and for
 * schedules; after a step that did not move, eta stays, where sqrt(1 + ratio) would let it grow
 * without limit; defaults are [memory]. Memory 2d + 2 (D, last point, eta, ratio), two gradients
 * and a Hessian-vector product of the same mini-batch, about 20d flops per step. Immutable.
 */
public final class Oasis implements Optimizer {
  static final Hyper ETA0 = new Hyper("eta0", 0.01, Range.positive(), "eta of the first step");
  static final Hyper BETA2 =
      new Hyper("beta2", 0.999, Range.halfOpen(0, 1), "decay of the diagonal");
  static final Hyper ALPHA =
      new Hyper("alpha", 0.01, Range.positive(), "least value of the diagonal");
  static final Hyper PROBES =
      new Hyper("initial-probes", 100, Range.integers(1, 10_000), "probes of the first diagonal");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "oasis",
          1,
          new Source(
              "Jahani et al., Doubly Adaptive Scaled Algorithm for Machine Learning Using"
                  + " Second-Order Information, arXiv:2109.05198",
              Source.Confidence.CODE_READ),
          1,
          List.of(ETA0, BETA2, ALPHA, PROBES),
          Oasis::new);

  private static final String DIAGONAL = "d";
  private static final String LAST = "w-prev";
  private static final String RATES = "rates";
  private static final int ETA = 0;
  private static final int RATIO = 1;

  private final double eta0;
  private final double beta2;
  private final double alpha;
  private final int probes;

  Oasis(HyperValues values) {
    eta0 = values.get(ETA0);
    beta2 = values.get(BETA2);
    alpha = values.get(ALPHA);
    probes = (int) values.get(PROBES);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.GRADIENT, Oracle.HESSIAN_VECTOR);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(DIAGONAL);
    slots.elementwise(LAST);
    slots.block(RATES, 2);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] d = slots.get(DIAGONAL);
    double[] last = slots.get(LAST);
    double[] rates = slots.get(RATES);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    if (slots.steps() == 0) {
      start(f, theta, d, context);
      rates[ETA] = eta0;
    } else {
      probe(f, theta, context.draws().fork(Purpose.PERTURBATION), 0, d, beta2, context);
      double eta = rate(f, theta, slots, g, context);
      rates[RATIO] = eta / rates[ETA];
      rates[ETA] = eta;
    }
    double taken = context.learningRate() * rates[ETA];
    for (int i = 0; i < theta.length; i++) {
      last[i] = theta[i];
      theta[i] -= taken * g[i] / Math.max(Math.abs(d[i]), alpha);
    }
    context.stepSize(taken);
  }

  /** The first diagonal, unless one has been given. */
  private void start(Objective f, double[] theta, double[] d, StepContext context) {
    for (double di : d) {
      if (di != 0) {
        return;
      }
    }
    Draws draws = context.draws().fork(Purpose.INITIALIZATION);
    for (int k = 0; k < probes; k++) {
      // A running mean: the share of what is there falls from 0 to 1 - 1/probes.
      probe(f, theta, draws, (long) k * d.length, d, k / (k + 1.0), context);
    }
  }

  private static void probe(
      Objective f, double[] theta, Draws draws, long at, double[] d, double keep, StepContext c) {
    double[] z = c.workspace().array("z", d.length);
    double[] product = c.workspace().array("product", d.length);
    for (int i = 0; i < d.length; i++) {
      z[i] = draws.sign(at + i);
    }
    f.hessianVector(theta, z, product);
    for (int i = 0; i < d.length; i++) {
      d[i] = keep * d[i] + (1 - keep) * z[i] * product[i];
    }
  }

  private double rate(Objective f, double[] theta, Slots slots, double[] g, StepContext context) {
    double[] d = slots.get(DIAGONAL);
    double[] last = slots.get(LAST);
    double[] rates = slots.get(RATES);
    double[] before = context.workspace().array("before", theta.length);
    f.gradient(last, before);
    double moved = 0;
    double changed = 0;
    for (int i = 0; i < theta.length; i++) {
      double b = Math.max(Math.abs(d[i]), alpha);
      double dw = theta[i] - last[i];
      double dg = g[i] - before[i];
      moved += b * dw * dw;
      changed += dg * dg / b;
    }
    if (moved == 0) {
      return rates[ETA]; // Nothing was learned about the curvature.
    }
    boolean second = slots.steps() == 1;
    if (changed == 0) {
      // No curvature along the move: only the growth is bounded, by nothing at the second step.
      return second ? rates[ETA] : Math.sqrt(1 + rates[RATIO]) * rates[ETA];
    }
    double local = 0.5 * Math.sqrt(moved / changed);
    return second ? local : Math.min(Math.sqrt(1 + rates[RATIO]) * rates[ETA], local);
  }

  /** The rate comes from norms over all coordinates, and the diagonal decays everywhere. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
