package io.millrace.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Workspace;
import io.millrace.core.sample.chain.Journey;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.chain.SurrogateKinds;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.gaussian.DiscountedRows;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.gaussian.StationaryLaw;
import io.millrace.core.sample.posterior.DrawStatistics;
import io.millrace.core.sample.surrogate.Epoch;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
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
    compare(law, run(shards, estimator, localSteps, rounds), localSteps, rounds);
  }

  private static void compare(StationaryLaw law, GaussianLaw drawn, int localSteps, int rounds) {
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

  /** With exact surrogates all noise but the meant one is that of mini-batches. */
  @Test
  void theNoiseRatioSaysHowMuchWiderThePosteriorIs() {
    List<Shard> shards = silos.shards(silos.epoch("exact"));
    double h = 1e-5; // small beside the curvature, so that noise alone widens
    StationaryLaw law =
        StationaryLaw.of(
            shards, Silos.PRIOR.precision(), false, h, 1, 10, silos.posterior().mean());
    double wider = law.law().trace() / silos.posterior().trace() - 1;
    VisitOptions visit = VisitOptions.of(10, h);
    Journey chain =
        new Journey(
            Silos.sampler("mini-batch", 1),
            shards,
            Routing.INDEPENDENT,
            silos.posterior().mean(),
            3,
            "noise");
    double sum = 0;
    int rounds = 20_000;
    for (int r = 0; r < rounds; r++) {
      chain.round(visit, (step, theta) -> {});
      sum += chain.noiseRatio(visit);
    }
    // Noise differs from direction to direction, and both figures average over them differently.
    assertThat(sum / rounds).isBetween(0.7 * wider, 1.4 * wider);
    assertThat(wider).isGreaterThan(0.05);
    List<Shard> anchored = silos.shards(silos.epoch("exact"));
    Journey controlled =
        new Journey(
            Silos.sampler("control-variate", 1),
            anchored,
            Routing.INDEPENDENT,
            silos.posterior().mean(),
            3,
            "noise");
    controlled.round(visit, (step, theta) -> {});
    assertThat(controlled.noiseRatio(visit)).isLessThan(0.01 * wider);
  }

  /** A client's rows fade; the law is that of the faded rows, whose posterior is known too. */
  @ParameterizedTest
  @CsvSource({"mini-batch, 10", "control-variate, 10"})
  void rowsThatFadeHaveAPosteriorOfTheirOwn(String estimator, int localSteps) {
    Discount discount = Discount.halfLife(8);
    List<LinearGaussian> faded = new ArrayList<>();
    silos.clients.forEach(c -> faded.add(new DiscountedRows(c, discount)));
    GaussianLaw posterior = GaussianLaw.posterior(faded, Silos.PRIOR, Silos.KERNELS);
    assertThat(posterior.meanDistance(silos.posterior())).isGreaterThan(posterior.deviation(0));
    Epoch epoch =
        Federation.agree(
            faded,
            silos.shares,
            Silos.PRIOR,
            SurrogateOptions.of(SurrogateKinds.spec("exact").build(Map.of())),
            1,
            new Workspace());
    List<Shard> shards = new ArrayList<>();
    for (int s = 0; s < faded.size(); s++) {
      shards.add(epoch.shard(s, faded.get(s), Silos.PRIOR));
    }
    boolean anchored = estimator.equals("control-variate");
    StationaryLaw law =
        StationaryLaw.of(
            shards,
            Silos.PRIOR.precision(),
            anchored,
            STEP_SIZE,
            MINI_BATCH,
            localSteps,
            posterior.mean());
    if (anchored) {
      assertThat(law.law().wasserstein(posterior, Silos.KERNELS))
          .isLessThan(0.1 * posterior.deviation(0));
    }
    compare(law, run(shards, estimator, localSteps, 20_000), localSteps, 20_000);
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
