package io.millrace.core.supervised;

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

class FeatureScalerTest {
  @Property(tries = 100)
  void denseRowsAreStandardisedByAllEarlierRows(
      @ForAll @IntRange(min = 1, max = 9) int d, @ForAll long seed) {
    Random random = new Random(seed);
    FeatureScaler scaler = new FeatureScaler(true, d, 0);
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
      for (int j = 0; j < d; j++) {
        int at = j;
        double mean = seen.stream().mapToDouble(r -> r[at]).average().orElse(0);
        double variance =
            seen.stream().mapToDouble(r -> (r[at] - mean) * (r[at] - mean)).average().orElse(0);
        double expected = j == 0 || t < 2 ? 0 : (x[j] - mean) / Math.sqrt(variance);
        assertThat(scaled[j]).isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
      }
      scaler.learn(rows, state);
      seen.add(x);
    }
  }

  @Property(tries = 100)
  void sparseRowsAreDividedByTheRootMeanSquareOfNonZeros(@ForAll long seed) {
    Random random = new Random(seed);
    int d = 5;
    FeatureScaler scaler = new FeatureScaler(false, d, 0);
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
        double expected = count[j] == 0 ? Math.signum(x) : x / Math.sqrt(squares[j] / count[j]);
        assertThat(scaled[c]).isCloseTo(expected, within(1e-12 * (1 + Math.abs(expected))));
        if (x != 0) {
          count[j]++;
          squares[j] += x * x;
        }
      }
      scaler.learn(rows, state);
    }
    assertThat(state.block("scaler.seen")[2]).isZero();
  }

  private static LearnerState state(FeatureScaler scaler) {
    StateSchema.Builder schema = new StateSchema.Builder();
    scaler.declare(schema);
    return new LearnerState(schema.build());
  }
}
