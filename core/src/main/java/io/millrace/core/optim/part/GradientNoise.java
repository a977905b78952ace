package io.millrace.core.optim.part;

import io.millrace.core.compute.Elementary;
import io.millrace.core.optim.GradientTransform;
import io.millrace.core.optim.PartSpec;
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

/**
 * Adds normal noise that fades with the steps to the gradient. Neelakantan, Vilnis, Le, Sutskever,
 * Kaiser, Kurach, Martens, "Adding Gradient Noise Improves Learning for Very Deep Networks",
 * arXiv:1511.06807, section 3 (recalled, the paper was not at hand).
 *
 * <pre>
 * g &lt;- g + sigma n,   sigma^2 = eta / (1 + t)^gamma,   n ~ N(0, I)      t steps before this one
 * </pre>
 *
 * <p>Deviations from the paper: every gradient that one step asks for gets the same n, a function
 * of the job's seed, the key and the step: differences of a mini-batch's gradients at two points
 * are free of noise. Added after clipping. Memory 0, one normal per parameter and gradient. Dense
 * only: untouched coordinates are moved too. Immutable.
 */
public final class GradientNoise implements GradientTransform {
  static final Hyper ETA =
      new Hyper(
          "gradient-noise",
          0,
          Range.nonNegative(),
          "variance of the noise on the first gradient; 0.01, 0.3 and 1 are usual");
  static final Hyper GAMMA =
      new Hyper(
          "gradient-noise-decay",
          0.55,
          Range.nonNegative(),
          "power of the step by which the variance falls");

  public static final PartSpec SPEC =
      new PartSpec(
          "gradient-noise",
          new Source(
              "Neelakantan, Vilnis, Le, Sutskever, Kaiser, Kurach, Martens, Adding Gradient Noise"
                  + " Improves Learning for Very Deep Networks, arXiv:1511.06807",
              Source.Confidence.MEMORY),
          List.of(ETA, GAMMA),
          GradientNoise::new);

  private final double eta;
  private final double gamma;

  GradientNoise(HyperValues values) {
    eta = values.get(ETA);
    gamma = values.get(GAMMA);
  }

  @Override
  public void apply(double[] update, double[] theta, Slots slots, StepContext context) {
    if (eta == 0) {
      return;
    }
    double sigma = Math.sqrt(eta * Elementary.exp(-gamma * Elementary.log(slots.nextStep())));
    Draws draws = context.draws().fork(Purpose.GRADIENT_NOISE);
    for (int i = 0; i < update.length; i++) {
      update[i] += sigma * draws.normal(i);
    }
  }

  @Override
  public SparseSupport sparse() {
    return eta == 0 ? SparseSupport.EXACT : SparseSupport.DENSE_ONLY;
  }
}
