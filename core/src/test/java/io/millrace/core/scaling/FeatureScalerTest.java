package io.millrace.core.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.features.Rows;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureScalerTest {
  @Property(tries = 1000)
  void denseRowsAreStandardisedByAllEarlierRows(
      @ForAll @IntRange(min = 1, max = 9) int d, @ForAll long seed) {
    Random random = new Random(seed);
    FeatureScaler scaler = new FeatureScaler(true, d, Double.POSITIVE_INFINITY, 0);
    LearnerState state = state(scaler);
    List<double[]> seen = new ArrayList<>();
    for (int t = 0; t < 30; t++) {
      double[] x = new double[d];
      for (int j = 0; j < d; j++) {
        x[j] = j == 0 ? 4.25 : random.nextGaussian() * Math.pow(10, j - 4) + 3;
      }
      Rows rows = new Rows(true);
      rows.beginRow();
      for (double v : x) {
        rows.add(v);
      }
      rows.endRow(0, 0.5);
      double[] scaled = new double[d];
      scaler.scale(rows, 0, state, scaled);
      double[] taken = new double[d];
      for (int j = 0; j < d; j++) {
        int at = j;
        double mean = seen.stream().mapToDouble(r -> r[at]).average().orElse(0);
        double variance =
            seen.stream().mapToDouble(r -> (r[at] - mean) * (r[at] - mean)).average().orElse(0);
        boolean alike = j == 0 || t < 2 || variance == 0;
        double expected = alike ? 0 : bounded((x[j] - mean) / Math.sqrt(variance));
        assertThat(scaled[j]).isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
        taken[j] = alike ? x[j] : mean + expected * Math.sqrt(variance);
        if (t == 1) {
          smallerIfFarApart(seen.get(0), taken, j);
        }
      }
      scaler.learn(rows, state);
      seen.add(taken);
    }
  }

  /** Of the first two values, one that is a thousand times the other is taken for the other. */
  private static void smallerIfFarApart(double[] one, double[] two, int j) {
    if (Math.abs(one[j]) > 1000 * Math.abs(two[j])) {
      one[j] = two[j];
    } else if (Math.abs(two[j]) > 1000 * Math.abs(one[j])) {
      two[j] = one[j];
    }
  }

  @Property(tries = 100)
  void sparseRowsAreDividedByTheRootMeanSquareOfNonZeros(@ForAll long seed) {
    Random random = new Random(seed);
    int d = 5;
    FeatureScaler scaler = new FeatureScaler(false, d, Double.POSITIVE_INFINITY, 0);
    LearnerState state = state(scaler);
    double[] squares = new double[d];
    int[] count = new int[d];
    for (int t = 0; t < 40; t++) {
      Rows rows = new Rows(false);
      rows.beginRow();
      for (int j = 0; j < d; j++) {
        if (random.nextInt(3) > 0) {
          rows.add(j, j == 0 ? 1 : j == 1 ? 0 : random.nextGaussian() * 100);
        }
      }
      rows.endRow(1, 1);
      double[] scaled = new double[rows.end(0)];
      scaler.scale(rows, 0, state, scaled);
      for (int c = 0; c < rows.end(0); c++) {
        int j = rows.index()[c];
        double x = rows.value()[c];
        double rms = Math.sqrt(squares[j] / count[j]);
        double expected = count[j] == 0 ? Math.signum(x) : bounded(x / rms);
        assertThat(scaled[c]).isCloseTo(expected, within(1e-12 * (1 + Math.abs(expected))));
        if (x != 0) {
          squares[j] += count[j] == 0 ? x * x : expected * rms * (expected * rms);
          count[j]++;
        }
      }
      scaler.learn(rows, state);
    }
    assertThat(state.block("scaler.seen")[2]).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100, 1000, 3000})
  void oneWildRowChangesLittle(int at) {
    for (boolean dense : new boolean[] {true, false}) {
      FeatureScaler scaler = new FeatureScaler(dense, 1, Double.POSITIVE_INFINITY, 0);
      LearnerState state = state(scaler);
      Random random = new Random(3);
      double[] scaled = new double[1];
      for (int t = 0; t < at; t++) {
        scaler.learn(row(dense, random.nextGaussian()), state);
      }
      scaler.scale(row(dense, 1e6), 0, state, scaled);
      assertThat(scaled[0]).isEqualTo(FeatureScaler.LARGEST);
      scaler.scale(row(dense, -1e6), 0, state, scaled);
      assertThat(scaled[0]).isEqualTo(-FeatureScaler.LARGEST);
      scaler.learn(row(dense, 1e6), state);
      scaler.scale(row(dense, 1), 0, state, scaled);
      assertThat(scaled[0]).isBetween(0.9 / Math.sqrt(2 + 100.0 / at), 1.7);
    }
  }

  @Test
  void aLastingChangeOfScaleIsFollowed() {
    for (double window : new double[] {1000, Double.POSITIVE_INFINITY}) {
      FeatureScaler scaler = new FeatureScaler(true, 1, window, 0);
      LearnerState state = state(scaler);
      Random random = new Random(4);
      double[] scaled = new double[1];
      for (int t = 0; t < 8000; t++) {
        scaler.learn(row(true, random.nextGaussian() * (t < 3000 ? 1 : 1000)), state);
      }
      scaler.scale(row(true, 1000), 0, state, scaled);
      assertThat(scaled[0]).isBetween(0.7, 1.5);
    }
  }

  @Test
  void aWindowForgetsWhatWasBefore() {
    for (boolean dense : new boolean[] {true, false}) {
      FeatureScaler scaler = new FeatureScaler(dense, 1, 1000, 0);
      LearnerState state = state(scaler);
      Random random = new Random(5);
      double[] scaled = new double[1];
      for (int t = 0; t < 22_000; t++) {
        scaler.learn(row(dense, random.nextGaussian() * (t < 3000 ? 1000 : 1)), state);
      }
      scaler.scale(row(dense, 1), 0, state, scaled);
      assertThat(scaled[0]).isBetween(0.7, 1.4);
    }
  }

  /** Indicators keep their value to the bit, however many there were. */
  @Test
  void anIndicatorStaysOne() {
    FeatureScaler scaler = new FeatureScaler(false, 1, 1000, 0);
    LearnerState state = state(scaler);
    double[] scaled = new double[1];
    for (int t = 0; t < 5000; t++) {
      scaler.scale(row(false, 1), 0, state, scaled);
      assertThat(scaled[0]).isEqualTo(1);
      scaler.learn(row(false, 1), state);
    }
  }

  private static double bounded(double scaled) {
    return Math.max(-FeatureScaler.LARGEST, Math.min(FeatureScaler.LARGEST, scaled));
  }

  private static Rows row(boolean dense, double x) {
    Rows rows = new Rows(dense);
    rows.beginRow();
    if (dense) {
      rows.add(x);
    } else {
      rows.add(0, x);
    }
    rows.endRow(0, 1);
    return rows;
  }

  private static LearnerState state(FeatureScaler scaler) {
    StateSchema.Builder schema = new StateSchema.Builder();
    scaler.declare(schema);
    return new LearnerState(schema.build());
  }
}
