package io.millrace.core.sample.diffusion;

import io.millrace.core.ConfigException;
import io.millrace.core.optim.Slots;
import io.millrace.core.sample.Diffusion;
import io.millrace.core.sample.DiffusionSpec;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * SGHMC: stochastic gradient Hamiltonian Monte Carlo with friction. Chen, Fox, Guestrin,
 * "Stochastic Gradient Hamiltonian Monte Carlo", ICML 2014, equation 15.
 *
 * <pre>
 * theta &lt;- theta + v
 * v     &lt;- v + eta g(theta) - alpha v + sqrt(2 (alpha - beta) eta T) z
 * </pre>
 *
 * <p>eta is the step size; g is asked for where theta has moved to. Deviations from the paper: the
 * momentum is not drawn anew, so that a chain has one state from step to step; the temperature,
 * which is 1 there. Memory d, about 5d flops and d normals. Immutable.
 */
public final class Hamiltonian implements Diffusion {
  static final Hyper ALPHA =
      new Hyper("alpha", 0.05, new Range(0, true, 1, true, false), "friction: share of v lost");
  static final Hyper BETA =
      new Hyper(
          "beta",
          0,
          Range.halfOpen(0, 1),
          "estimated part of the noise that the gradient brings; below alpha");

  public static final DiffusionSpec SPEC =
      new DiffusionSpec(
          "sghmc",
          1,
          new Source(
              "Chen, Fox, Guestrin, Stochastic Gradient Hamiltonian Monte Carlo, ICML 2014",
              Source.Confidence.MEMORY),
          List.of(ALPHA, BETA),
          Hamiltonian::new);

  private static final String V = "v";

  private final double alpha;
  private final double beta;

  Hamiltonian(HyperValues values) {
    alpha = values.get(ALPHA);
    beta = values.get(BETA);
    if (beta >= alpha) {
      throw new ConfigException(
          "diffusion.sghmc.beta = " + beta + "; must be below alpha, " + alpha);
    }
  }

  @Override
  public void declareSlots(int size, Slots.Declaration slots) {
    slots.elementwise(V);
  }

  @Override
  public void advance(double[] theta, Slots slots) {
    double[] v = slots.get(V);
    for (int i = 0; i < theta.length; i++) {
      theta[i] += v[i];
    }
  }

  @Override
  public void step(double[] theta, double[] drift, double[] meanRow, Slots slots, LocalStep step) {
    double[] v = slots.get(V);
    double eta = step.stepSize();
    for (int i = 0; i < theta.length; i++) {
      v[i] += eta * drift[i] - alpha * v[i];
    }
    Langevin.addNoise(v, 2 * (alpha - beta) * eta, step);
  }

  /** {@inheritDoc} Of v: {@code eta Cov(g) / (2 (alpha - beta) T)}. */
  @Override
  public double noiseRatio(double[] theta, double[] variance, Slots slots, LocalStep step) {
    return 2 * Langevin.plainRatio(variance, step) / (alpha - beta);
  }
}
