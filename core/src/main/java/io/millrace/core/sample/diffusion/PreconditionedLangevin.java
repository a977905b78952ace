package io.millrace.core.sample.diffusion;

import io.millrace.core.optim.Slots;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.Diffusion;
import io.millrace.core.sample.DiffusionSpec;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * pSGLD: Langevin steps with the preconditioner of RMSProp. Li, Chen, Carlson, Carin,
 * "Preconditioned Stochastic Gradient Langevin Dynamics for Deep Neural Networks", AAAI 2016,
 * Algorithm 1.
 *
 * <pre>
 * V &lt;- alpha V + (1 - alpha) gbar^2,   G = 1 / (lambda + sqrt(V))
 * theta &lt;- theta + h/2 G v + sqrt(h G T) z
 * </pre>
 *
 * <p>gbar is the mean gradient of the rows of the mini-batch, without prior. Deviations from the
 * paper: the term Gamma(theta), the derivative of G, is left out, as the authors' experiments do;
 * the posterior it samples is off by what that term would be. Memory d, about 8d flops and d
 * normals. Immutable.
 */
public final class PreconditionedLangevin implements Diffusion {
  static final Hyper ALPHA =
      new Hyper("alpha", 0.99, Range.halfOpen(0, 1), "decay of the mean of squared gradients");
  static final Hyper LAMBDA =
      new Hyper("lambda", 1e-5, Range.positive(), "added to the root; bounds the preconditioner");

  public static final DiffusionSpec SPEC =
      new DiffusionSpec(
          "psgld",
          1,
          new Source(
              "Li, Chen, Carlson, Carin, Preconditioned Stochastic Gradient Langevin Dynamics for"
                  + " Deep Neural Networks, AAAI 2016",
              Source.Confidence.MEMORY),
          List.of(ALPHA, LAMBDA),
          PreconditionedLangevin::new);

  private static final String V = "V";

  private final double alpha;
  private final double lambda;

  PreconditionedLangevin(HyperValues values) {
    alpha = values.get(ALPHA);
    lambda = values.get(LAMBDA);
  }

  @Override
  public void declareSlots(int size, Slots.Declaration slots) {
    slots.elementwise(V);
  }

  @Override
  public void step(double[] theta, double[] drift, double[] meanRow, Slots slots, LocalStep step) {
    double[] v = slots.get(V);
    double h = step.stepSize();
    double heat = step.temperature();
    Draws z = step.draws().fork(Purpose.NOISE);
    for (int i = 0; i < theta.length; i++) {
      v[i] = alpha * v[i] + (1 - alpha) * meanRow[i] * meanRow[i];
      double g = 1 / (lambda + Math.sqrt(v[i]));
      theta[i] += h / 2 * g * drift[i];
      if (heat != 0) {
        theta[i] += Math.sqrt(h * g * heat) * z.normal(i);
      }
    }
  }

  /** {@inheritDoc} With the preconditioner of the step before. */
  @Override
  public double noiseRatio(double[] theta, double[] variance, Slots slots, LocalStep step) {
    double[] v = slots.get(V);
    double sum = 0;
    for (int i = 0; i < variance.length; i++) {
      sum += variance[i] / (lambda + Math.sqrt(v[i]));
    }
    return step.stepSize() * sum / (4 * variance.length * step.temperature());
  }
}
