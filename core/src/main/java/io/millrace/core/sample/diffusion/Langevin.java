package io.millrace.core.sample.diffusion;

import io.millrace.core.optim.Slots;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.Diffusion;
import io.millrace.core.sample.DiffusionSpec;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * SGLD: stochastic gradient Langevin dynamics. Welling, Teh, "Bayesian Learning via Stochastic
 * Gradient Langevin Dynamics", ICML 2011, equation 4.
 *
 * <pre>
 * theta &lt;- theta + h/2 v + sqrt(h T) z,   z ~ N(0, I)
 * </pre>
 *
 * <p>v is any unbiased estimate of the gradient of the log posterior: with the conducive gradient
 * of the clients it is FSGLD, with that of no surrogates DSGLD. At temperature T = 0 it is gradient
 * descent with the learning rate h/2. Deviations from the paper: the temperature, which is 1 there.
 * No memory, about 2d flops and d normals. Immutable.
 */
public final class Langevin implements Diffusion {
  public static final DiffusionSpec SPEC =
      new DiffusionSpec(
          "sgld",
          1,
          new Source(
              "Welling, Teh, Bayesian Learning via Stochastic Gradient Langevin Dynamics,"
                  + " ICML 2011",
              Source.Confidence.MEMORY),
          List.of(),
          Langevin::new);

  Langevin(HyperValues values) {}

  @Override
  public void step(double[] theta, double[] drift, double[] meanRow, Slots slots, LocalStep step) {
    double half = step.stepSize() / 2;
    for (int i = 0; i < theta.length; i++) {
      theta[i] += half * drift[i];
    }
    addNoise(theta, step.stepSize(), step);
  }

  @Override
  public double noiseRatio(double[] theta, double[] variance, Slots slots, LocalStep step) {
    return plainRatio(variance, step);
  }

  /** {@code h tr Cov(v) / (4 d T)}, where the noise is the same in every direction. */
  static double plainRatio(double[] variance, LocalStep step) {
    double sum = 0;
    for (double v : variance) {
      sum += v;
    }
    return step.stepSize() * sum / (4 * variance.length * step.temperature());
  }

  /** Adds {@code sqrt(variance T) z} to x. At temperature 0 nothing is drawn. */
  static void addNoise(double[] x, double variance, LocalStep step) {
    if (step.temperature() == 0) {
      return;
    }
    double spread = Math.sqrt(variance * step.temperature());
    Draws z = step.draws().fork(Purpose.NOISE);
    for (int i = 0; i < x.length; i++) {
      x[i] += spread * z.normal(i);
    }
  }
}
