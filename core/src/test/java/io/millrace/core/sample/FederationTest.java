package io.millrace.core.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.NaturalGaussian.Shape;
import io.millrace.core.sample.chain.Journey;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.chain.SurrogateKinds;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.gaussian.LinearRegression;
import io.millrace.core.sample.gaussian.StationaryLaw;
import io.millrace.core.sample.surrogate.Curvature;
import io.millrace.core.sample.surrogate.Epoch;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import io.millrace.core.sample.surrogate.SurrogateSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What surrogates do to chains over clients that differ. */
class FederationTest {
  private static final int MINI_BATCH = 5;
  private static final double STEP_SIZE = 2e-4;

  private final Silos silos = new Silos(4);

  static List<SurrogateSpec> kinds() {
    return SurrogateKinds.ALL;
  }

  private static SurrogateOptions options(String kind) {
    return SurrogateOptions.of(SurrogateKinds.spec(kind).build(Map.of()));
  }

  private StationaryLaw law(List<Shard> shards, boolean anchored, int localSteps) {
    return StationaryLaw.of(
        shards,
        Silos.PRIOR.precision(),
        anchored,
        STEP_SIZE,
        MINI_BATCH,
        localSteps,
        silos.posterior().mean());
  }

  private double distance(List<Shard> shards, boolean anchored, int localSteps) {
    StationaryLaw law = law(shards, anchored, localSteps);
    assertThat(law.stable()).isTrue();
    return law.law().wasserstein(silos.posterior(), Silos.KERNELS);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void conduciveGradientsHaveMeanZeroOverTheClients(SurrogateSpec spec) {
    Epoch epoch = silos.epoch(spec.id());
    PhiloxDraws draws = new PhiloxDraws(5, "points");
    for (int point = 0; point < 20; point++) {
      draws.at(point);
      double[] theta = {3 * draws.normal(0), 3 * draws.normal(1)};
      double[] sum = new double[Silos.SIZE];
      double[] size = new double[Silos.SIZE];
      for (int s = 0; s < silos.shares.length; s++) {
        double[] c = new double[Silos.SIZE];
        epoch.shard(s, silos.clients.get(s), Silos.PRIOR).addCorrection(theta, c);
        for (int i = 0; i < c.length; i++) {
          sum[i] += silos.shares[s] * c[i];
          size[i] += silos.shares[s] * Math.abs(c[i]);
        }
      }
      for (int i = 0; i < sum.length; i++) {
        assertThat(sum[i]).isCloseTo(0, within(1e-13 * size[i]));
      }
    }
  }

  @Test
  void withoutSurrogatesItIsDsgldBitForBit() {
    Journey none =
        new Journey(
            Silos.sampler("mini-batch", MINI_BATCH),
            silos.shards(silos.epoch("none")),
            Routing.INDEPENDENT,
            new double[Silos.SIZE],
            1,
            "a");
    Journey dsgld =
        new Journey(
            Silos.sampler("mini-batch", MINI_BATCH),
            silos.strangers(),
            Routing.INDEPENDENT,
            new double[Silos.SIZE],
            1,
            "a");
    for (int round = 0; round < 50; round++) {
      none.round(VisitOptions.of(10, STEP_SIZE), (step, theta) -> {});
      dsgld.round(VisitOptions.of(10, STEP_SIZE), (step, theta) -> {});
      assertThat(none.theta()).isEqualTo(dsgld.theta());
    }
  }

  @Test
  void exactSurrogatesTakeTheHarmFromLongVisits() {
    List<Shard> exact = silos.shards(silos.epoch("exact"));
    double atOne = distance(exact, false, 1);
    assertThat(distance(exact, false, 100)).isLessThan(1.1 * atOne);
    double without = distance(silos.strangers(), false, 100);
    assertThat(without).isGreaterThan(4 * distance(silos.strangers(), false, 1));
    assertThat(without).isGreaterThan(10 * atOne);
  }

  @Test
  void anchoredTwiceSurrogatesOfDrawsAreAsGoodAsExactOnes() {
    double exact = distance(silos.shards(silos.epoch("exact")), false, 100);
    List<Shard> plain = silos.shards(silos.epoch(options("samples").withAnchorRounds(0)));
    assertThat(distance(plain, false, 100)).isGreaterThan(1.03 * exact);
    assertThat(distance(silos.shards(silos.epoch("samples")), false, 100)).isLessThan(1.03 * exact);
  }

  @Test
  void theControlVariateTakesAnotherFactorOfTen() {
    List<Shard> shards = silos.shards(silos.epoch("samples"));
    assertThat(distance(shards, true, 100)).isLessThan(distance(shards, false, 100) / 10);
  }

  @Test
  void laplaceIsExactForLinearGaussianModels() {
    Epoch exact = silos.epoch(options("exact").withAnchorRounds(0));
    Epoch laplace = silos.epoch(options("laplace").withAnchorRounds(0));
    for (int s = 0; s < silos.shares.length; s++) {
      double[] lambda = exact.surrogates().get(s).lambda();
      for (int i = 0; i < lambda.length; i++) {
        assertThat(laplace.surrogates().get(s).lambda()[i])
            .isCloseTo(lambda[i], within(1e-9 * Math.abs(lambda[i])));
      }
      double[] eta = exact.surrogates().get(s).eta();
      for (int i = 0; i < eta.length; i++) {
        assertThat(laplace.surrogates().get(s).eta()[i])
            .isCloseTo(eta[i], within(1e-7 * (1 + Math.abs(eta[i]))));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyVisitIsStableUnderEverySurrogate(SurrogateSpec spec) {
    for (Shape shape : Shape.values()) {
      Epoch epoch = silos.epoch(options(spec.id()).withShape(shape));
      for (int s = 0; s < silos.shares.length; s++) {
        double[] information = silos.clients.get(s).exact().orElseThrow().lambda();
        NaturalGaussian claimed = epoch.surrogates().get(s).toThe(1 - silos.shares[s]);
        assertThat(Curvature.kappa(information, claimed, Silos.KERNELS)).isEqualTo(1);
      }
    }
  }

  /**
   * Two parameters, a row that knows of their difference alone: a diagonal would claim too much.
   */
  @Test
  void aDiagonalOfAClientWithFewRowsIsGuardedToNothing() {
    LinearRegression one = new LinearRegression(2, new double[] {1, -1}, new double[] {1}, 1);
    LinearRegression many =
        new LinearRegression(
            2, new double[] {1, 0, 0, 1, 1, 1, 1, -1}, new double[] {1, 2, 3, 4}, 1);
    Epoch epoch =
        Federation.agree(
            List.of(one, many),
            new double[] {0.2, 0.8},
            new GaussianPrior(1),
            options("exact").withShape(Shape.DIAGONAL),
            1,
            new Workspace());
    assertThat(epoch.surrogates().get(0).lambda()).containsOnly(0);
    assertThat(epoch.surrogates().get(1).lambda()[0]).isPositive();
  }

  @Test
  void anchoredSurrogatesHaveTheExactGradientAtTheAnchor() {
    Epoch epoch = silos.epoch("samples");
    double[] point = epoch.anchors().get(0).point();
    for (int s = 0; s < silos.shares.length; s++) {
      double[] exact = new double[Silos.SIZE];
      double[] surrogate = new double[Silos.SIZE];
      silos.clients.get(s).addGradient(point, 1, exact);
      epoch.surrogates().get(s).addGradient(point, 1, surrogate);
      for (int i = 0; i < exact.length; i++) {
        assertThat(surrogate[i]).isCloseTo(exact[i], within(1e-9 * (1 + Math.abs(exact[i]))));
      }
    }
  }

  @Test
  void whatCannotBeDoneIsRefused() {
    assertThatThrownBy(() -> options("none").withAnchorRounds(1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be 0 without surrogates");
    assertThatThrownBy(() -> SurrogateKinds.spec("other"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("known: [exact, laplace, samples, none]");
    List<Likelihood> open = new ArrayList<>();
    open.add(new LinearRegression(2, new double[] {1, -1}, new double[] {1}, 1));
    assertThatThrownBy(
            () ->
                Federation.agree(
                    open,
                    new double[] {1},
                    new GaussianPrior(0),
                    options("exact"),
                    1,
                    new Workspace()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("direction of theta open");
  }
}
