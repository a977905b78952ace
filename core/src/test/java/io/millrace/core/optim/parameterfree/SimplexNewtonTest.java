package io.millrace.core.optim.parameterfree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SimplexNewtonTest {
  private static final int N = 4;
  private static final double RHO = 0.1;

  private static double[] simplex(double[] raw) {
    double sum = Arrays.stream(raw).sum();
    return Arrays.stream(raw).map(v -> sum == 0 ? 1.0 / raw.length : v / sum).toArray();
  }

  private static double[] array(List<Double> list) {
    return list.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** B B', row-major. */
  private static double[] square(double[] b) {
    double[] a = new double[N * N];
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        for (int k = 0; k < N; k++) {
          a[i * N + j] += b[i * N + k] * b[j * N + k];
        }
      }
    }
    return a;
  }

  /** s + (A + rho I) (v - w). */
  private static double[] slopes(double[] v, double[] w, double[] s, double[] a) {
    double[] out = s.clone();
    for (int i = 0; i < N; i++) {
      for (int j = 0; j < N; j++) {
        out[i] += (a[i * N + j] + (i == j ? RHO : 0)) * (v[j] - w[j]);
      }
    }
    return out;
  }

  private static double value(double[] v, double[] w, double[] s, double[] a) {
    double[] at = slopes(v, w, s, a);
    double sum = 0;
    for (int i = 0; i < N; i++) {
      sum += 0.5 * (s[i] + at[i]) * (v[i] - w[i]);
    }
    return sum;
  }

  @Property
  void staysInTheSimplexAndNeverClimbs(
      @ForAll @Size(N) List<@DoubleRange(min = 0, max = 1) Double> weights,
      @ForAll @Size(N) List<@DoubleRange(min = -5, max = 5) Double> slopes,
      @ForAll @Size(N * N) List<@DoubleRange(min = -2, max = 2) Double> factors) {
    double[] w = simplex(array(weights));
    double[] s = array(slopes);
    double[] v = w.clone();
    double[] a = square(array(factors));

    SimplexNewton.step(v, s, a, RHO, new double[N]);

    assertThat(Arrays.stream(v).sum()).isCloseTo(1, within(1e-12));
    assertThat(Arrays.stream(v).min().orElseThrow()).isNotNegative();
    assertThat(value(v, w, s, a)).isLessThanOrEqualTo(1e-12);
  }

  /** There, weight that is not 0 has the least slope, and nothing has a lesser one. */
  @Property(tries = 200)
  void stepsInARowReachTheMinimum(
      @ForAll @Size(N) List<@DoubleRange(min = -2, max = 2) Double> slopes,
      @ForAll @Size(N * N) List<@DoubleRange(min = -2, max = 2) Double> factors) {
    double[] even = simplex(new double[N]);
    double[] s = array(slopes);
    double[] v = even.clone();
    double[] a = square(array(factors));
    for (int t = 0; t < 3000; t++) {
      SimplexNewton.step(v, slopes(v, even, s, a), a, RHO, new double[N]);
    }
    double[] at = slopes(v, even, s, a);
    double least = Arrays.stream(at).min().orElseThrow();
    for (int i = 0; i < N; i++) {
      assertThat(v[i] * (at[i] - least)).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void twoWeightsGoStraightToTheMinimum() {
    double[] w = {0.5, 0.5};
    // s'd + d'(A + rho I)d / 2 along d = (x, -x): 0.4 x + (3 + 2 rho) x^2 / 2 with rho = 0.5.
    SimplexNewton.step(w, new double[] {0.4, 0}, new double[] {2, 0, 0, 1}, 0.5, new double[2]);
    assertThat(w).containsExactly(new double[] {0.4, 0.6}, within(1e-15));
  }

  @Test
  void aWeightThatWouldFallBelowZeroStopsThere() {
    double[] w = {0.5, 0.5};
    SimplexNewton.step(w, new double[] {9, 0}, new double[] {2, 0, 0, 1}, 0.5, new double[2]);
    assertThat(w).containsExactly(0, 1);
  }

  @Test
  void withoutCurvatureNothingMoves() {
    double[] w = {0.25, 0.75};
    SimplexNewton.step(w, new double[] {1, 0}, new double[4], 0, new double[2]);
    assertThat(w).containsExactly(0.25, 0.75);
  }
}
