package io.millrace.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.sample.chain.Journey;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.gaussian.StationaryLaw;
import io.millrace.core.sample.posterior.DrawStatistics;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Long runs against the exact stationary moments of the chain itself, with tolerances that follow
 * from the number of draws: {@code z = 4.4} is passed by chance once in 100,000 checks.
 */
class StationaryMomentsTest {
  private static final double Z = 4.4;
  private static final int CHAINS = 4;
  private static final int MINI_BATCH = 5;
  private static final double STEP_SIZE = 2e-3;

  private final Silos silos = new Silos(3);

  @ParameterizedTest
  @CsvSource({
    "none, mini-batch, 1, 100000",
    "none, mini-batch, 10, 20000",
    "exact, mini-batch, 10, 20000",
    "exact, control-variate, 10, 20000",
    "laplace, control-variate, 50, 4000",
    "samples, mini-batch, 50, 4000"
  })
  void meanAndCovarianceAreThoseOfTheChainsLaw(
      String kind, String estimator, int localSteps, int rounds) {
    List<Shard> shards = silos.shards(silos.epoch(kind));
    StationaryLaw law =
        StationaryLaw.of(
            shards,
            Silos.PRIOR.precision(),
            estimator.equals("control-variate"),
            STEP_SIZE,
            MINI_BATCH,
            localSteps,
            silos.posterior().mean());
    assertThat(law.stable()).isTrue();
    GaussianLaw drawn = run(shards, estimator, localSteps, rounds);
    double rho = law.roundContraction();
    double draws = (double) CHAINS * rounds * localSteps;
    double ess = draws / (localSteps * (1 + rho) / (1 - rho));
    double ess2 = draws / (localSteps * (1 + rho * rho) / (1 - rho * rho));
    for (int i = 0; i < Silos.SIZE; i++) {
      double sd = law.law().deviation(i);
      assertThat(drawn.mean()[i] - law.law().mean()[i])
          .as("mean %d, sd %s, worth %.0f draws", i, sd, ess)
          .isBetween(-Z * sd / Math.sqrt(ess), Z * sd / Math.sqrt(ess));
      for (int j = 0; j <= i; j++) {
        double exact = law.law().covariance()[i * Silos.SIZE + j];
        double other = law.law().deviation(j);
        double tolerance = Z * Math.sqrt((sd * sd * other * other + exact * exact) / ess2);
        assertThat(drawn.covariance()[i * Silos.SIZE + j] - exact)
            .as("covariance %d %d, %s", i, j, exact)
            .isBetween(-tolerance, tolerance);
        assertThat(tolerance).as("a tolerance that can fail").isLessThan(0.3 * sd * other);
      }
    }
  }

  private GaussianLaw run(List<Shard> shards, String estimator, int localSteps, int rounds) {
    DrawStatistics statistics = new DrawStatistics(Silos.SIZE);
    VisitOptions visit = VisitOptions.of(localSteps, STEP_SIZE);
    List<LearnerState> kept = new ArrayList<>();
    for (int c = 0; c < CHAINS; c++) {
      Journey chain =
          new Journey(
              Silos.sampler(estimator, MINI_BATCH),
              shards,
              Routing.INDEPENDENT,
              silos.posterior().mean(),
              11,
              "chain-" + c);
      LearnerState state = new LearnerState(statistics.schema());
      for (int r = 0; r < rounds / 10; r++) {
        chain.round(visit, (step, theta) -> {});
      }
      for (int r = 0; r < rounds; r++) {
        assertThat(chain.round(visit, (step, theta) -> statistics.add(state, theta))).isTrue();
      }
      kept.add(state);
    }
    return statistics.law(kept);
  }
}
