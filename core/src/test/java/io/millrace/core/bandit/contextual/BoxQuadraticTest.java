package io.millrace.core.bandit.contextual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.PositiveDefinite;
import io.millrace.core.rng.PhiloxDraws;
import org.junit.jupiter.api.Test;

class BoxQuadraticTest {
  private static final int M = 4;
  private final Workspace workspace = new Workspace();

  /** All patterns of numbers that are held at a bound or free: the least value inside the box. */
  @Test
  void findsTheLeastPointOfAllPatterns() {
    PhiloxDraws draws = new PhiloxDraws(5, "box");
    int atBounds = 0;
    for (int round = 0; round < 300; round++) {
      draws.at(round);
      double[] h = new double[M * M];
      double[] g = new double[M];
      double[] u = new double[M];
      for (int r = 0; r < 3 + round % 4; r++) {
        for (int i = 0; i < M; i++) {
          for (int j = 0; j < M; j++) {
            h[i * M + j] += draws.normal(10 * r + i) * draws.normal(10 * r + j);
          }
        }
      }
      for (int i = 0; i < M; i++) {
        h[i * M + i] += 1e-3;
        g[i] = draws.normal(500 + i);
        // A bound of 0 comes as long as all costs are the same.
        u[i] = round % 5 == 0 && i > 0 ? 0 : draws.uniform(1000 + i);
      }
      double[] theta = new double[M];
      BoxQuadratic.solve(M, h, g, u, theta, workspace);
      double least = Double.POSITIVE_INFINITY;
      for (int pattern = 0; pattern < 81; pattern++) {
        double[] candidate = candidate(pattern, h, g, u);
        least = Math.min(least, inside(candidate, u) ? value(h, g, candidate) : least);
      }
      assertThat(inside(theta, u)).isTrue();
      assertThat(value(h, g, theta)).isCloseTo(least, within(1e-9 * (1 + Math.abs(least))));
      for (int i = 0; i < M; i++) {
        atBounds += Math.abs(theta[i]) == u[i] ? 1 : 0;
      }
    }
    assertThat(atBounds).isGreaterThan(300);
  }

  private static boolean inside(double[] theta, double[] u) {
    boolean inside = true;
    for (int i = 0; i < M; i++) {
      inside &= Math.abs(theta[i]) <= u[i] + 1e-12;
    }
    return inside;
  }

  private static double value(double[] h, double[] g, double[] theta) {
    double sum = 0;
    for (int i = 0; i < M; i++) {
      for (int j = 0; j < M; j++) {
        sum += theta[i] * h[i * M + j] * theta[j] / 2;
      }
      sum -= g[i] * theta[i];
    }
    return sum;
  }

  /** The least point with some numbers at a bound: digits of {@code pattern} to base 3. */
  private double[] candidate(int pattern, double[] h, double[] g, double[] u) {
    int[] side = new int[M];
    for (int i = 0, rest = pattern; i < M; i++, rest /= 3) {
      side[i] = rest % 3 - 1;
    }
    double[] a = new double[M * M];
    double[] right = new double[M];
    for (int i = 0; i < M; i++) {
      if (side[i] != 0) {
        a[i * M + i] = 1;
        right[i] = side[i] * u[i];
        continue;
      }
      right[i] = g[i];
      for (int j = 0; j < M; j++) {
        if (side[j] == 0) {
          a[i * M + j] = h[i * M + j];
        } else {
          right[i] -= h[i * M + j] * side[j] * u[j];
        }
      }
    }
    PositiveDefinite.solve(workspace.kernels(ScalarBackend.INSTANCE), M, a, right);
    return right;
  }
}
