package io.millrace.core.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.posterior.Convergence;
import io.millrace.core.sample.posterior.DrawStatistics;
import io.millrace.core.sample.posterior.Reliability;
import io.millrace.core.sample.posterior.ThinnedDraws;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures of draws that are not kept, against the same from draws that are. */
class DrawStatisticsTest {
  private static final int SIZE = 3;
  private static final int CHAINS = 4;

  /** Autoregressive chains, the parameters mixed; [chain][draw][parameter]. */
  private static double[][][] chains(int draws) {
    double[][][] all = new double[CHAINS][draws][SIZE];
    for (int c = 0; c < CHAINS; c++) {
      PhiloxDraws z = new PhiloxDraws(2, "ar-" + c);
      double[] at = new double[SIZE];
      for (int t = 0; t < draws; t++) {
        z.at(t);
        for (int i = 0; i < SIZE; i++) {
          at[i] = 0.6 * at[i] + z.normal(i) + (i == 0 ? 0 : 0.3 * at[i - 1]);
          all[c][t][i] = 5 * i + at[i];
        }
      }
    }
    return all;
  }

  private static List<LearnerState> states(DrawStatistics statistics, double[][][] chains) {
    List<LearnerState> states = new ArrayList<>();
    for (double[][] chain : chains) {
      LearnerState state = new LearnerState(statistics.schema());
      for (double[] theta : chain) {
        statistics.add(state, theta);
      }
      states.add(state);
    }
    return states;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 64, 65, 1000})
  void meanAndCovarianceAreThoseOfAllDraws(int draws) {
    DrawStatistics statistics = new DrawStatistics(SIZE);
    double[][][] chains = chains(draws);
    GaussianLaw law = statistics.law(states(statistics, chains));
    double n = (double) CHAINS * draws;
    for (int i = 0; i < SIZE; i++) {
      int first = i;
      double mean =
          Arrays.stream(chains)
              .flatMap(Arrays::stream)
              .mapToDouble(x -> x[first])
              .average()
              .orElseThrow();
      assertThat(law.mean()[i]).isCloseTo(mean, within(1e-12 * (1 + Math.abs(mean))));
      for (int j = 0; j < SIZE; j++) {
        int second = j;
        double covariance =
            Arrays.stream(chains)
                    .flatMap(Arrays::stream)
                    .mapToDouble(
                        x -> (x[first] - law.mean()[first]) * (x[second] - law.mean()[second]))
                    .sum()
                / (n - 1);
        assertThat(law.covariance()[i * SIZE + j])
            .isCloseTo(covariance, within(1e-11 * (1 + Math.abs(covariance))));
      }
    }
  }

  @Test
  void batchesOfAPowerOfTwoGiveExactSplitRhatAndBatchMeans() {
    DrawStatistics statistics = new DrawStatistics(SIZE);
    double[][][] chains = chains(1024);
    List<LearnerState> states = states(statistics, chains);
    for (int i = 0; i < SIZE; i++) {
      double[][] parameter = parameter(chains, i);
      assertThat(statistics.splitRhat(states, i))
          .isCloseTo(Convergence.splitRhat(parameter), within(1e-10));
      for (int c = 0; c < CHAINS; c++) {
        double exact = Convergence.batchMeansEss(parameter[c], 64);
        assertThat(statistics.effectiveSampleSize(states.get(c), i))
            .isCloseTo(exact, within(1e-8 * exact));
      }
    }
  }

  @Test
  void effectiveSampleSizeIsNearThatOfTheAutocorrelations() {
    double[][] parameter = parameter(chains(4096), 0);
    double exact = 4 * 4096 * (1 - 0.6) / (1 + 0.6);
    assertThat(Convergence.effectiveSampleSize(parameter)).isBetween(0.85 * exact, 1.15 * exact);
  }

  @Test
  void chainsThatDisagreeAreSeen() {
    double[][][] chains = chains(512);
    for (double[] theta : chains[1]) {
      theta[2] += 3;
    }
    DrawStatistics statistics = new DrawStatistics(SIZE);
    List<LearnerState> states = states(statistics, chains);
    assertThat(statistics.splitRhat(states, 0)).isLessThan(1.05);
    assertThat(statistics.splitRhat(states, 2)).isGreaterThan(1.2);
  }

  @Test
  void aStateThatIsCopiedGoesOnWithTheSameBits() {
    DrawStatistics statistics = new DrawStatistics(SIZE);
    double[][] draws = chains(300)[0];
    LearnerState whole = new LearnerState(statistics.schema());
    LearnerState parts = new LearnerState(statistics.schema());
    for (int t = 0; t < draws.length; t++) {
      statistics.add(whole, draws[t]);
      if (t % 37 == 0) {
        parts = parts.copy();
      }
      statistics.add(parts, draws[t]);
    }
    for (int i = 0; i < SIZE; i++) {
      assertThat(statistics.effectiveSampleSize(parts, i))
          .isEqualTo(statistics.effectiveSampleSize(whole, i));
      assertThat(statistics.variance(parts, i)).isEqualTo(statistics.variance(whole, i));
    }
  }

  @Test
  void thinnedDrawsAreEvenlySpacedOverAnyLength() {
    ThinnedDraws thinned = new ThinnedDraws(1, 8);
    LearnerState state = new LearnerState(thinned.schema());
    for (int t = 0; t < 1000; t++) {
      thinned.add(state, new double[] {t});
    }
    int kept = thinned.kept(state);
    assertThat(kept).isBetween(4, 8);
    for (int k = 0; k < kept; k++) {
      assertThat(thinned.draws(state)[k]).isEqualTo(k * thinned.stride(state));
    }
    assertThat(thinned.stride(state) * (kept + 1.0)).isGreaterThanOrEqualTo(1000);
  }

  @Test
  void aPosteriorIsReliableOrSaysWhyNot() {
    assertThat(Reliability.of(1.002, 400, 0, 0.1)).isEqualTo(new Reliability(true, ""));
    assertThat(Reliability.of(1.02, 400, 0, 0.1).reason())
        .isEqualTo("R-hat is 1.020, must be below 1.01; wait");
    assertThat(Reliability.of(1.002, 60, 0, 0.1).reason()).contains("worth 60 draws");
    assertThat(Reliability.of(1.002, 400, 2, 0.1).reason()).startsWith("2 visits diverged");
    assertThat(Reliability.of(Double.NaN, 400, 0, 0.1).reliable()).isFalse();
    assertThat(Reliability.of(1.002, 400, 0, Double.NaN).reliable()).isTrue();
    assertThat(Reliability.of(1.002, 400, 0, 0.25).reason())
        .startsWith("mini-batches add 0.25 of the noise that is meant");
  }

  private static double[][] parameter(double[][][] chains, int i) {
    return Arrays.stream(chains)
        .map(c -> Arrays.stream(c).mapToDouble(x -> x[i]).toArray())
        .toArray(double[][]::new);
  }
}
