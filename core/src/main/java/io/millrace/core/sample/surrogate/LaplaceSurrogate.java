package io.millrace.core.sample.surrogate;

import io.millrace.core.ConfigException;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Laplace's approximation of the client's likelihood: to second order around a local mode m.
 * MacKay, "A Practical Bayesian Framework for Backpropagation Networks", Neural Computation 1992.
 *
 * <pre>
 * Lambda = -Hess log p(x_s | m),   eta = grad log p(x_s | m) + Lambda m
 * </pre>
 *
 * <p>Deviations from the paper: m is the mode of likelihood times the client's share of the prior,
 * because the likelihood alone may have none; the expansion is that of the likelihood alone all the
 * same. Directions in which the Hessian has the wrong sign get the curvature 0. Some hundred passes
 * over the rows, d products of Hessian and vector. Immutable.
 */
public final class LaplaceSurrogate implements SurrogateKind {
  public static final SurrogateSpec SPEC =
      new SurrogateSpec(
          "laplace",
          new Source(
              "MacKay, A Practical Bayesian Framework for Backpropagation Networks, Neural"
                  + " Computation 1992",
              Source.Confidence.DERIVED),
          List.of(),
          LaplaceSurrogate::new);

  LaplaceSurrogate(HyperValues values) {}

  @Override
  public NaturalGaussian fit(Likelihood likelihood, FitContext context) {
    int d = likelihood.size();
    double[] mode = LocalMode.of(likelihood, context);
    double[] lambda = new double[d * d];
    if (!likelihood.information(mode, lambda)) {
      throw new ConfigException(
          "surrogate.kind = laplace; must be another one, such as samples, because the model's"
              + " loss has no curvature");
    }
    double[] gradient = new double[d];
    likelihood.addGradient(mode, 1, gradient);
    return NaturalGaussian.full(gradient, Curvature.nonNegative(lambda, d, context.kernels()))
        .anchored(mode, gradient);
  }
}
