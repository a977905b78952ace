package io.millrace.core.sample.surrogate;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Kernels.Transpose;
import io.millrace.core.compute.Vectors;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * A Gaussian through M draws of a local Langevin chain. El Mekkaoui, Mesquita, Blomstedt, Kaski,
 * "Federated Stochastic Gradient Langevin Dynamics", UAI 2021, arXiv:2004.11231, section 3.
 *
 * <pre>
 * theta_k from p(x_s | theta) p(theta)^f,   mean mu, covariance C
 * Lambda = C^-1 - f Lambda_0,   eta = C^-1 mu
 * </pre>
 *
 * <p>Deviations from the paper: the local chain has the client's share f of the prior, taken away
 * again afterwards, so that it has a law where rows are few; it begins at the local mode and steps
 * by the gradient over all rows in coordinates in which the curvature there is 1; the covariance is
 * reduced by what the step size adds to that of a Gaussian; a chain that diverges begins anew with
 * a quarter of the step. Takes M well above d; where C is singular its diagonal is taken. An error
 * in Lambda is multiplied by the distance from the local mode, which is why surrogates are
 * anchored. {@code M thin} passes over the rows, {@code d^3} flops. Immutable.
 */
public final class SampledSurrogate implements SurrogateKind {
  static final Hyper DRAWS =
      new Hyper("draws", 500, Range.integers(2, 1e6), "draws kept of the local chain");
  static final Hyper THIN =
      new Hyper("thin", 10, Range.integers(1, 1e6), "local steps from one draw to the next");
  static final Hyper BURN_IN =
      new Hyper("burn-in", 50, Range.integers(0, 1e6), "draws passed over at the beginning");

  public static final SurrogateSpec SPEC =
      new SurrogateSpec(
          "samples",
          new Source(ExactSurrogate.PAPER, Source.Confidence.CODE_READ),
          List.of(DRAWS, THIN, BURN_IN),
          SampledSurrogate::new);

  /** Step size in whitened coordinates, where the greatest curvature is 1; 4 is the limit. */
  private static final double STEP = 0.4;

  /** What a step size is multiplied by where the chain diverges. */
  private static final double SHORTER = 0.25;

  private static final int ATTEMPTS = 6;

  /** Relative to the greatest curvature, the least that is reckoned with. */
  private static final double LEAST_CURVATURE = 1e-8;

  private static final double DIFFERENCE = 1e-4;

  /** Beyond it a chain has diverged. */
  private static final double LARGEST = 1e12;

  private final int draws;
  private final int thin;
  private final int burnIn;

  SampledSurrogate(HyperValues values) {
    draws = (int) values.get(DRAWS);
    thin = (int) values.get(THIN);
    burnIn = (int) values.get(BURN_IN);
  }

  @Override
  public NaturalGaussian fit(Likelihood likelihood, FitContext context) {
    int d = likelihood.size();
    if (likelihood.rows() == 0) {
      return NaturalGaussian.none(d);
    }
    double[] mode = LocalMode.of(likelihood, context);
    double[] whitening = whitening(likelihood, mode, context);
    double[] mean = new double[d];
    double[] covariance = new double[d * d];
    double h = STEP;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (run(likelihood, mode, whitening, h, context, mean, covariance)) {
        return natural(mean, covariance, context);
      }
      h *= SHORTER;
    }
    throw new ConfigException(
        "surrogate.kind = samples; must be another one, because the chain over a client's own rows"
            + " diverges at every step size; laplace needs none");
  }

  /**
   * Runs the local chain.
   *
   * @param h step size in whitened coordinates
   * @param mean overwritten
   * @param covariance overwritten
   * @return false where it diverges
   */
  private boolean run(
      Likelihood likelihood,
      double[] mode,
      double[] whitening,
      double h,
      FitContext context,
      double[] mean,
      double[] covariance) {
    int d = mode.length;
    double[] theta = mode.clone();
    double[] away = new double[d];
    Arrays.fill(mean, 0);
    Arrays.fill(covariance, 0);
    long step = 0;
    for (int k = -burnIn; k < draws; k++) {
      for (int t = 0; t < thin; t++) {
        move(likelihood, theta, whitening, h, context, step++);
      }
      if (!Vectors.allWithin(theta, d, LARGEST)) {
        return false;
      }
      if (k >= 0) {
        for (int i = 0; i < d; i++) {
          away[i] = theta[i] - mean[i];
          mean[i] += away[i] / (k + 1);
        }
        for (int i = 0; i < d; i++) {
          for (int j = 0; j < d; j++) {
            covariance[i * d + j] += away[i] * (theta[j] - mean[j]);
          }
        }
      }
    }
    // A chain of step size h is wider than its target by 1 / (1 - h/4), exactly so for Gaussians.
    for (int i = 0; i < d * d; i++) {
      covariance[i] *= (1 - h / 4) / (draws - 1);
    }
    return true;
  }

  /** One step along {@code B B' g}, with noise of covariance {@code h B B'}. */
  private static void move(
      Likelihood likelihood, double[] theta, double[] b, double h, FitContext context, long step) {
    int d = theta.length;
    double[] g = context.workspace().array("surrogate-gradient", d);
    double[] u = context.workspace().array("surrogate-move", d);
    gradient(likelihood, theta, context, g);
    Draws z = context.draws().at(step).fork(Purpose.NOISE);
    for (int k = 0; k < d; k++) {
      double along = 0;
      for (int i = 0; i < d; i++) {
        along += b[i * d + k] * g[i];
      }
      u[k] = h / 2 * along + Math.sqrt(h) * z.normal(k);
    }
    for (int i = 0; i < d; i++) {
      theta[i] += Vectors.dot(b, i * d, u, 0, d);
    }
  }

  private static void gradient(
      Likelihood likelihood, double[] theta, FitContext context, double[] out) {
    Arrays.fill(out, 0);
    likelihood.addGradient(theta, 1, out);
    context.localPrior().addGradient(theta, out);
  }

  /**
   * B with {@code B B'} the inverse of the curvature at the mode, by differences of gradients: in
   * these coordinates every direction is forgotten at the same pace.
   */
  private static double[] whitening(Likelihood likelihood, double[] mode, FitContext context) {
    int d = mode.length;
    double[] curvature = new double[d * d];
    double[] above = new double[d];
    double[] below = new double[d];
    double[] at = mode.clone();
    for (int i = 0; i < d; i++) {
      at[i] = mode[i] + DIFFERENCE;
      gradient(likelihood, at, context, above);
      at[i] = mode[i] - DIFFERENCE;
      gradient(likelihood, at, context, below);
      at[i] = mode[i];
      for (int j = 0; j < d; j++) {
        double slope = (below[j] - above[j]) / (4 * DIFFERENCE);
        curvature[i * d + j] += slope;
        curvature[j * d + i] += slope;
      }
    }
    double[] values = new double[d];
    double[] b = new double[d * d];
    context.kernels().eigenSymmetric(d, curvature, values, b);
    // Where a network bends the other way, or not at all, the prior still does.
    double own = context.localPrior().precision();
    double least = Math.max(Math.max(LEAST_CURVATURE * values[d - 1], own), Double.MIN_NORMAL);
    for (int i = 0; i < d * d; i++) {
      b[i] /= Math.sqrt(Math.max(values[i % d], least));
    }
    return b;
  }

  private static NaturalGaussian natural(double[] mean, double[] covariance, FitContext context) {
    int d = mean.length;
    Kernels kernels = context.kernels();
    double[] l = new double[d * d];
    double own = context.localPrior().precision();
    if (!kernels.cholesky(d, covariance, l)) {
      double[] eta = new double[d];
      double[] diagonal = new double[d];
      for (int i = 0; i < d; i++) {
        double precision = 1 / covariance[i * d + i];
        diagonal[i] = Math.max(precision - own, 0);
        eta[i] = precision * mean[i];
      }
      return NaturalGaussian.diagonal(eta, diagonal);
    }
    double[] lambda = new double[d * d];
    for (int i = 0; i < d; i++) {
      lambda[i * d + i] = 1;
    }
    kernels.solveTriangular(Transpose.NO, d, l, d, lambda);
    kernels.solveTriangular(Transpose.YES, d, l, d, lambda);
    double[] eta = new double[d];
    for (int i = 0; i < d; i++) {
      eta[i] = Vectors.dot(lambda, i * d, mean, 0, d);
      lambda[i * d + i] -= own;
    }
    return NaturalGaussian.full(eta, Curvature.nonNegative(lambda, d, kernels));
  }
}
