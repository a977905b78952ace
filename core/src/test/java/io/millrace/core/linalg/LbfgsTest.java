package io.millrace.core.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.Vectors;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LbfgsTest {
  private final Lbfgs lbfgs = new Lbfgs(8);

  /** {@code sum_i ln(1 + e^(<a_i, x> - b_i)) + 0.5 mu ||x||^2}. */
  private static Lbfgs.Function logistic(int rows, int n, double mu, long seed) {
    double[] a = new Random(seed).doubles((long) rows * n, -2, 2).toArray();
    double[] b = new Random(seed + 1).doubles(rows, -2, 2).toArray();
    return (x, gradient) -> {
      double value = 0;
      for (int k = 0; k < n; k++) {
        gradient[k] = mu * x[k];
        value += 0.5 * mu * x[k] * x[k];
      }
      for (int i = 0; i < rows; i++) {
        double z = Vectors.dot(a, i * n, x, 0, n) - b[i];
        value += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
        for (int k = 0; k < n; k++) {
          gradient[k] += a[i * n + k] / (1 + Math.exp(-z));
        }
      }
      return value;
    };
  }

  @Property(tries = 60)
  void reachesGradientsBelowTheRootOfThePrecision(
      @ForAll @IntRange(min = 1, max = 12) int n,
      @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll long seed) {
    double[] x = new Random(seed).doubles(n, -5, 5).toArray();
    int iterations = lbfgs.minimize(logistic(rows, n, 0.01, seed), n, x, 500, 1e-9);
    assertThat(lbfgs.gradientNorm()).isLessThanOrEqualTo(1e-9);
    assertThat(iterations).isLessThan(500);
  }

  @Test
  void findsTheMinimumOfABadlyScaledQuadratic() {
    double[] x = new double[6];
    Lbfgs.Function f =
        (p, gradient) -> {
          double value = 0;
          for (int i = 0; i < 6; i++) {
            double scale = Math.pow(10, i);
            gradient[i] = scale * (p[i] - i);
            value += 0.5 * scale * (p[i] - i) * (p[i] - i);
          }
          return value;
        };
    lbfgs.minimize(f, 6, x, 200, 1e-8);
    assertThat(x).containsExactly(new double[] {0, 1, 2, 3, 4, 5}, within(1e-7));
    assertThat(lbfgs.value()).isCloseTo(0, within(1e-14));
  }

  @Test
  void stopsAtTheLimitWithTheBestPoint() {
    Lbfgs.Function f = logistic(10, 5, 0.01, 3);
    double[] x = {4, -4, 4, -4, 4};
    double[] gradient = new double[5];
    double start = f.evaluate(x, gradient);
    assertThat(lbfgs.minimize(f, 5, x, 2, 0)).isEqualTo(2);
    assertThat(lbfgs.value()).isLessThan(start).isEqualTo(f.evaluate(x, gradient));
  }

  @Test
  void endsWhereTheFunctionIsNotFinite() {
    double[] x = {1};
    Lbfgs.Function f =
        (p, gradient) -> {
          gradient[0] = Double.NaN;
          return Double.NaN;
        };
    assertThat(lbfgs.minimize(f, 1, x, 50, 1e-8)).isZero();
    assertThat(x[0]).isEqualTo(1);
    assertThat(lbfgs.gradientNorm()).isNaN();
  }
}
