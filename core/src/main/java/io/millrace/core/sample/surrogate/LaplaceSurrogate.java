package io.millrace.core.sample.surrogate;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Kernels;
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
 * Lambda = sum_i J_i' Q_i J_i at m,   eta = grad log p(x_s | m) + Lambda m
 * </pre>
 *
 * <p>Lambda is the Gauss-Newton part of the Hessian of {@code -log p(x_s | m)}, all of it for
 * models that are linear in theta. Where clients agree on a point to anchor at, the curvature is
 * that at the point: of a client whose own mode is far away, such as one with rows of one class,
 * the curvature at that mode says nothing about the place that matters.
 *
 * <p>Deviations from the paper: m is the mode of likelihood times the client's share of the prior,
 * because the likelihood alone may have none; the expansion is that of the likelihood alone all the
 * same. Gauss-Newton instead of the Hessian, which for perceptrons may have the wrong sign. Some
 * hundred passes over the rows, {@code 2 N K d^2} flops. Immutable.
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
    return at(likelihood, LocalMode.of(likelihood, context), context.kernels());
  }

  @Override
  public NaturalGaussian bentAt(
      Likelihood likelihood, NaturalGaussian fitted, double[] point, Kernels kernels) {
    return at(likelihood, point, kernels);
  }

  private static NaturalGaussian at(Likelihood likelihood, double[] point, Kernels kernels) {
    int d = likelihood.size();
    double[] lambda = new double[d * d];
    if (!likelihood.gaussNewton(point, lambda)) {
      throw new ConfigException(
          "surrogate.kind = laplace; must be another one, such as samples, because the model's"
              + " loss has no curvature");
    }
    double[] gradient = new double[d];
    likelihood.addGradient(point, 1, gradient);
    return NaturalGaussian.full(gradient, Curvature.nonNegative(lambda, d, kernels))
        .anchored(point, gradient);
  }
}
