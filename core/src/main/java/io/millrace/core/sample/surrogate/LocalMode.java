package io.millrace.core.sample.surrogate;

import io.millrace.core.linalg.Lbfgs;
import io.millrace.core.sample.Likelihood;
import java.util.Arrays;

/**
 * Where a client's likelihood, times its part of the prior, is greatest. The prior's part is what
 * makes such a point exist where rows are separable or fewer than parameters.
 */
final class LocalMode {
  private static final int MEMORY = 10;
  private static final int ITERATIONS = 500;

  /** Norm of the gradient to stop at, for each row and the prior. */
  private static final double TOLERANCE = 1e-9;

  private LocalMode() {}

  /** The mode, from where the likelihood has its start. */
  static double[] of(Likelihood likelihood, FitContext context) {
    int d = likelihood.size();
    double precision = context.localPrior().precision();
    double[] theta = likelihood.start();
    new Lbfgs(MEMORY)
        .minimize(
            (x, gradient) -> {
              Arrays.fill(gradient, 0, d, 0);
              likelihood.addGradient(x, -1, gradient);
              for (int i = 0; i < d; i++) {
                gradient[i] += precision * x[i];
              }
              return -likelihood.value(x) - context.localPrior().value(x);
            },
            d,
            theta,
            ITERATIONS,
            TOLERANCE * (1 + likelihood.rows()));
    return theta;
  }
}
