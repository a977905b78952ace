package io.millrace.core.optim.secondorder;

import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.optim.Layer;
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
 * EGN: exact Gauss-Newton steps through a system of the mini-batch's size. Korbit, Adeoye,
 * Bemporad, Zanon, "Exact Gauss-Newton Optimization for Training Deep Neural Networks",
 * arXiv:2405.14402, Algorithm 1, for a model made of linear {@link Layer}s. With J the outputs'
 * derivative in theta, Q the loss's curvature in the outputs and n samples
 *
 * <pre>
 * u      = (J'QJ / n + damp I)^-1 g
 *        = (g - J' (n damp I + Q J J')^-1 Q J g) / damp       (Duncan-Guttman)
 * v     &lt;- mu v + (1 - mu) u                                (mu = momentum)
 * theta &lt;- theta - lr v / (1 - mu^t)
 * </pre>
 *
 * <p>Of the two forms the one with the smaller system is taken: {@link OutputSystem}, of all
 * outputs, by LU, or {@link ParameterSystem}, of all parameters, by Cholesky. Deviations from the
 * paper: line search and adaptive damping are left out; g is the objective's gradient, so that
 * penalties and clipping act on it. Memory d (v) and, for the step, the smaller system; with c
 * outputs {@code (n c)^3} flops and one product of that side per layer, or {@code d^3 / 3 + n c
 * d^2}. Immutable.
 */
public final class Egn implements Optimizer {
  static final Hyper DAMP =
      new Hyper("damp", 1, Range.positive(), "added to the Gauss-Newton matrix");
  static final Hyper MOMENTUM =
      new Hyper("momentum", 0, Range.halfOpen(0, 1), "mu, decay of the average of directions");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "egn",
          1,
          new Source(
              "Korbit, Adeoye, Bemporad, Zanon, Exact Gauss-Newton Optimization for Training Deep"
                  + " Neural Networks, arXiv:2405.14402",
              Source.Confidence.CODE_READ),
          1,
          List.of(DAMP, MOMENTUM),
          Egn::new);

  private static final String VELOCITY = "v";

  private final double damp;
  private final double momentum;

  Egn(HyperValues values) {
    damp = values.get(DAMP);
    momentum = values.get(MOMENTUM);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.GRADIENT, Oracle.LAYER, Oracle.LAYER_CURVATURE);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(VELOCITY);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    double[] v = slots.get(VELOCITY);
    double[] g = context.workspace().array("g", theta.length);
    f.gradient(theta, g);
    Layer last = f.layer(f.layers() - 1);
    boolean solved =
        last.samples() * last.outputs() <= theta.length
            ? OutputSystem.solve(f, last, theta, damp, g, context)
            : ParameterSystem.solve(f, last, theta, damp, g, context);
    if (!solved) {
      Arrays.fill(theta, Double.NaN); // The system has overflowed.
      return;
    }
    double rate = context.learningRate() / (1 - IntegerPower.of(momentum, slots.nextStep()));
    for (int i = 0; i < theta.length; i++) {
      v[i] = momentum * v[i] + (1 - momentum) * g[i];
      theta[i] -= rate * v[i];
    }
  }

  /** The system mixes all coordinates. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
