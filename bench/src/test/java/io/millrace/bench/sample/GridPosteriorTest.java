package io.millrace.bench.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.sample.gaussian.GaussianLaw;
import org.junit.jupiter.api.Test;

/** Moments by quadrature. */
class GridPosteriorTest {
  /** A Gaussian, from a grid that is neither where it is nor as wide. */
  @Test
  void momentsOfAGaussianAreItsOwn() {
    GaussianLaw near = new GaussianLaw(new double[] {0.3, -0.2}, new double[] {1.2, 0.1, 0.1, 0.8});
    // precision [2 1; 1 3], covariance [0.6 -0.2; -0.2 0.4], mean (1, -1)
    GaussianLaw found =
        GridPosterior.of(
            x -> {
              double a = x[0] - 1;
              double b = x[1] + 1;
              return 1000 - (2 * a * a + 2 * a * b + 3 * b * b) / 2;
            },
            near,
            0.4);
    double[] covariance = {0.6, -0.2, -0.2, 0.4};
    for (int i = 0; i < 2; i++) {
      assertThat(found.mean()[i]).isCloseTo(i == 0 ? 1 : -1, within(1e-8));
    }
    for (int i = 0; i < 4; i++) {
      assertThat(found.covariance()[i]).isCloseTo(covariance[i], within(1e-7));
    }
  }

  @Test
  void theLogisticPosteriorDoesNotDependOnTheGrid() {
    LogisticSilos silos = new LogisticSilos();
    GaussianLaw fine = silos.posterior(0.5);
    GaussianLaw coarse = silos.posterior(0.9);
    GaussianLaw laplace = silos.laplace();
    for (int i = 0; i < LogisticSilos.SIZE; i++) {
      double sd = fine.deviation(i);
      assertThat(coarse.mean()[i]).isCloseTo(fine.mean()[i], within(1e-4 * sd));
      assertThat(coarse.deviation(i)).isCloseTo(sd, within(1e-4 * sd));
      // Laplace is off, but not by much: both are of the same posterior.
      assertThat(laplace.mean()[i]).isCloseTo(fine.mean()[i], within(0.5 * sd));
      assertThat(laplace.deviation(i)).isCloseTo(sd, within(0.2 * sd));
    }
  }
}
