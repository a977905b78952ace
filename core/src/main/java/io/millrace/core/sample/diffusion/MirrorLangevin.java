package io.millrace.core.sample.diffusion;

import io.millrace.core.compute.Elementary;
import io.millrace.core.optim.Slots;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.Diffusion;
import io.millrace.core.sample.DiffusionSpec;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Locale;

/**
 * Mirror Langevin steps for positive parameters, with the entropy {@code psi(theta) = sum_j theta_j
 * log theta_j - theta_j} as mirror. Zhang, Peyre, Fadili, Pereyra, "Wasserstein Control of Mirror
 * Langevin Monte Carlo", COLT 2020; Lau, Liu, "Bregman Proximal Langevin Monte Carlo via
 * Bregman-Moreau Envelopes", ICML 2022.
 *
 * <pre>
 * y = log theta
 * y &lt;- y + s v + sqrt(2 s T / theta) z,   s = h/2
 * theta = exp(y)
 * </pre>
 *
 * <p>Theta stays positive whatever the step. Deviations from the papers: no nonsmooth part, of
 * which the second takes the Bregman-Moreau envelope; v may be an estimate; the step size is h = 2
 * s. The discrete chain keeps a bias of its own that does not vanish with s alone. No memory, a
 * logarithm, an exponential and a normal per parameter. Immutable.
 */
public final class MirrorLangevin implements Diffusion {
  public static final DiffusionSpec SPEC =
      new DiffusionSpec(
          "mirror-langevin",
          1,
          new Source(
              "Lau, Liu, Bregman Proximal Langevin Monte Carlo via Bregman-Moreau Envelopes,"
                  + " ICML 2022",
              Source.Confidence.MEMORY),
          List.of(),
          MirrorLangevin::new);

  MirrorLangevin(HyperValues values) {}

  @Override
  public String faultOfStart(double[] theta) {
    for (int i = 0; i < theta.length; i++) {
      if (!(theta[i] > 0)) {
        return String.format(Locale.ROOT, "theta[%d] = %s; must be positive", i, theta[i]);
      }
    }
    return "";
  }

  @Override
  public void step(double[] theta, double[] drift, double[] meanRow, Slots slots, LocalStep step) {
    double s = step.stepSize() / 2;
    double heat = step.temperature();
    double spread = Math.sqrt(step.stepSize() * heat);
    Draws z = step.draws().fork(Purpose.NOISE);
    for (int i = 0; i < theta.length; i++) {
      double y = Elementary.log(theta[i]) + s * drift[i];
      if (heat != 0) {
        y += spread * (1 / Math.sqrt(theta[i])) * z.normal(i);
      }
      theta[i] = Elementary.exp(y);
    }
  }

  /** {@inheritDoc} Of y, the logarithm of theta. */
  @Override
  public double noiseRatio(double[] theta, double[] variance, Slots slots, LocalStep step) {
    double sum = 0;
    for (int i = 0; i < variance.length; i++) {
      sum += variance[i] * theta[i];
    }
    return step.stepSize() * sum / (4 * variance.length * step.temperature());
  }
}
