package io.millrace.core.drift.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeatureDriftTest {
  private final FeatureDrift rule = new FeatureDrift(400, 200, 10, 0.01);
  private final Workspace workspace = new Workspace();
  private final Draws draws = new PhiloxDraws(3, "feature");

  @Test
  void figuresOfAWindowAreThoseOfItsSamples() {
    double[] block = new double[2 + rule.length()];
    double[] reference = IntStream.range(0, 400).mapToDouble(draws::normal).toArray();
    double[] current = IntStream.range(400, 600).mapToDouble(i -> draws.normal(i) + 0.7).toArray();
    for (double x : reference) {
      assertThat(rule.take(block, 2, x, workspace)).isFalse();
    }
    for (int i = 0; i < 200; i++) {
      assertThat(rule.take(block, 2, current[i], workspace)).isEqualTo(i == 199);
    }
    Arrays.sort(reference);
    Arrays.sort(current);
    double width = (reference[399] - reference[0]) / FeatureDrift.CELLS;
    double outside =
        Arrays.stream(current).filter(v -> v < reference[0] || v > reference[399]).count();
    assertThat(FeatureDrift.kolmogorov(block, 2))
        .isBetween(0.2, Distance.kolmogorov(reference, current));
    assertThat(FeatureDrift.wasserstein(block, 2))
        .isCloseTo(Distance.wasserstein(reference, current), within(2 * width));
    assertThat(FeatureDrift.outside(block, 2)).isEqualTo(outside / 200);
    assertThat(FeatureDrift.alarmed(block, 2)).isTrue();
    assertThat(FeatureDrift.windows(block, 2)).isEqualTo(1);
    assertThat(block).startsWith(0, 0);
  }

  /** Expected 10 of 1,000; 30 would happen once in ten million runs. */
  @Test
  void aboutOneWindowInAHundredAlarmsWithoutADrift() {
    double[] block = new double[rule.length()];
    int alarms = 0;
    int windows = 0;
    for (int run = 0; run < 100; run++) {
      Arrays.fill(block, 0);
      for (int i = 0; i < 2400; i++) {
        if (rule.take(block, 0, draws.normal(2400L * run + i), workspace)) {
          windows++;
          alarms += FeatureDrift.alarmed(block, 0) ? 1 : 0;
        }
      }
    }
    assertThat(windows).isEqualTo(1000);
    assertThat(alarms).isBetween(1, 40);
  }

  @Test
  void aConstantReferenceHasOneEdgeAndMissingValuesAreCountedApart() {
    double[] block = new double[rule.length()];
    for (int i = 0; i < 400; i++) {
      rule.take(block, 0, 3, workspace);
    }
    for (int i = 0; i < 200; i++) {
      rule.take(block, 0, i < 50 ? Double.NaN : i < 100 ? 4 : 3, workspace);
    }
    assertThat(FeatureDrift.missing(block, 0)).isEqualTo(0.25);
    assertThat(FeatureDrift.outside(block, 0)).isEqualTo(1 / 3.0);
    assertThat(FeatureDrift.wasserstein(block, 0)).isNaN();
    assertThat(FeatureDrift.kolmogorov(block, 0)).isCloseTo(1 / 3.0, within(1e-15));
    assertThat(FeatureDrift.alarmed(block, 0)).isTrue();
    for (int i = 0; i < 200; i++) {
      rule.take(block, 0, Double.NaN, workspace);
    }
    assertThat(FeatureDrift.missing(block, 0)).isEqualTo(1);
    assertThat(FeatureDrift.psi(block, 0)).isNaN();
    assertThat(FeatureDrift.alarmed(block, 0)).isFalse();
  }
}
