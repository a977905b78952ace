package io.millrace.core.sample.diffusion;

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
 * MYULA: Langevin steps for a posterior with a Laplace prior, {@code p(theta) exp(-l1 |theta|_1)},
 * through the Moreau envelope of the l1 norm. Durmus, Moulines, Pereyra, "Efficient Bayesian
 * Computation by Proximal Markov Chain Monte Carlo: When Langevin Meets Moreau", SIAM Journal on
 * Imaging Sciences 2018.
 *
 * <pre>
 * theta &lt;- theta + s v - s/gamma (theta - prox_{gamma l1}(theta)) + sqrt(2 s T) z,   s = h/2
 * prox_c(x) = sign(x) max(|x| - c, 0)
 * </pre>
 *
 * <p>v is the gradient of the smooth part. Stable for {@code s <= 1 / (L + 1/gamma)}, L the
 * greatest curvature of the smooth part. Deviations from the paper: v may be an estimate; the step
 * size is h = 2 s, as everywhere here. No memory, about 7d flops and d normals. Immutable.
 */
public final class ProximalLangevin implements Diffusion {
  static final Hyper L1 =
      new Hyper("l1", 1, Range.nonNegative(), "rate of the Laplace prior of each parameter");
  static final Hyper GAMMA =
      new Hyper(
          "moreau-gamma", 0.05, Range.positive(), "smoothing of the envelope; less is nearer");

  public static final DiffusionSpec SPEC =
      new DiffusionSpec(
          "myula",
          1,
          new Source(
              "Durmus, Moulines, Pereyra, Efficient Bayesian Computation by Proximal Markov Chain"
                  + " Monte Carlo: When Langevin Meets Moreau, SIAM J. Imaging Sciences 2018",
              Source.Confidence.MEMORY),
          List.of(L1, GAMMA),
          ProximalLangevin::new);

  private final double l1;
  private final double gamma;

  ProximalLangevin(HyperValues values) {
    l1 = values.get(L1);
    gamma = values.get(GAMMA);
  }

  @Override
  public void step(double[] theta, double[] drift, double[] meanRow, Slots slots, LocalStep step) {
    double s = step.stepSize() / 2;
    for (int i = 0; i < theta.length; i++) {
      double x = theta[i];
      double beyond = Math.max(-gamma * l1, Math.min(gamma * l1, x)); // x - prox(x)
      theta[i] = x + s * drift[i] - s / gamma * beyond;
    }
    Langevin.addNoise(theta, step.stepSize(), step);
  }

  @Override
  public double noiseRatio(double[] theta, double[] variance, Slots slots, LocalStep step) {
    return Langevin.plainRatio(variance, step);
  }
}
