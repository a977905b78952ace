package io.millrace.core.sample.surrogate;

import io.millrace.core.compute.Kernels;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.NaturalGaussian;

/**
 * How a client describes its likelihood to the others by a Gaussian function of theta. Immutable.
 */
public interface SurrogateKind {
  /**
   * The surrogate of a client, with a full matrix unless the kind has none. Reads all rows; not on
   * the path of a local step, and may allocate.
   *
   * @throws io.millrace.core.ConfigException where the model does not offer what it takes
   */
  NaturalGaussian fit(Likelihood likelihood, FitContext context);

  /**
   * The same surrogate with the curvature that the likelihood has at a point, where the kind knows
   * of curvature elsewhere than where it was fitted; else the surrogate itself.
   *
   * @param fitted by {@link #fit}
   * @param point where all anchor, not modified
   */
  default NaturalGaussian bentAt(
      Likelihood likelihood, NaturalGaussian fitted, double[] point, Kernels kernels) {
    return fitted;
  }

  /** Whether it describes anything: a kind that does not turns FSGLD into DSGLD. */
  default boolean informs() {
    return true;
  }
}
