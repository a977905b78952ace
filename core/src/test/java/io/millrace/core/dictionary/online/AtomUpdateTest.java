package io.millrace.core.dictionary.online;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What every sweep over the atoms guarantees. */
class AtomUpdateTest {
  private static final double GAMMA = 0.5;

  @Property(tries = 500)
  void aSweepNeverIncreasesTheSurrogateAndKeepsAtomsInTheirSet(
      @ForAll AtomSet set,
      @ForAll boolean nonNegative,
      @ForAll @IntRange(min = 1, max = 9) int m,
      @ForAll @IntRange(min = 1, max = 11) int atoms,
      @ForAll @IntRange(min = 1, max = 20) int n,
      @ForAll long seed) {
    Random random = new Random(seed);
    AtomUpdate update = new AtomUpdate(m, atoms, set, GAMMA, nonNegative);
    double[] d = gaussian(random, atoms * m);
    for (int j = 0; j < atoms; j++) {
      update.project(d, j * m);
    }
    double[] a = new double[atoms * atoms];
    double[] b = new double[atoms * m];
    Workspace workspace = new Workspace();
    for (int batch = 0; batch < 3; batch++) {
      double[] codes = gaussian(random, n * atoms);
      for (int i = 0; i < codes.length; i++) {
        codes[i] = random.nextInt(3) == 0 ? codes[i] : 0;
      }
      double[] weights = random.doubles(n, 0, 2).toArray();
      double[] x = gaussian(random, n * m);
      update.accumulate(0.7, x, weights, codes, n, a, b, workspace);
      assertSymmetricSemidefinite(a, atoms);
      double before = surrogate(d, a, b, m, atoms);
      for (int sweep = 0; sweep < 4; sweep++) {
        update.sweep(1, d, a, b, AtomUpdate.UNUSED, workspace);
        double after = surrogate(d, a, b, m, atoms);
        assertThat(after).isLessThanOrEqualTo(before + 1e-12 * (1 + Math.abs(before)));
        before = after;
      }
      if (set == AtomSet.L2_BALL) {
        for (int j = 0; j < atoms; j++) {
          assertThat(norm(d, j * m, m)).isLessThanOrEqualTo(1 + 1e-12);
        }
      }
    }
  }

  @Property(tries = 50)
  void statisticsAreTheWeightedSumsOfOuterProducts(@ForAll long seed) {
    Random random = new Random(seed);
    int m = 3;
    int atoms = 4;
    double[] x = gaussian(random, 2 * m);
    double[] codes = {0.5, 0, -1, 0, 0, 2, 3, 0};
    double[] weights = {2, 0.25};
    double[] a = new double[atoms * atoms];
    double[] b = new double[atoms * m];
    Arrays.fill(a, 10);
    long nonZeros =
        new AtomUpdate(m, atoms, AtomSet.L2_BALL, GAMMA, false)
            .accumulate(0.5, x, weights, codes, 2, a, b, new Workspace());
    assertThat(nonZeros).isEqualTo(4);
    for (int p = 0; p < atoms; p++) {
      for (int q = 0; q < atoms; q++) {
        double expected = codes[p] * codes[q] + 0.125 * codes[atoms + p] * codes[atoms + q];
        assertThat(a[p * atoms + q]).isEqualTo(5 + expected);
      }
    }
    assertThat(b[2 * m]).isEqualTo(-1.0 * x[0] + 0.125 * 3 * x[m]);
  }

  private static void assertSymmetricSemidefinite(double[] a, int n) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        assertThat(a[i * n + j]).isEqualTo(a[j * n + i]);
      }
    }
    double[] values = new double[n];
    ScalarBackend.INSTANCE.kernels().eigenSymmetric(n, a, values, new double[n * n]);
    assertThat(values[0]).isGreaterThanOrEqualTo(-1e-12 * Math.max(1, values[n - 1]));
  }

  /** {@code 0.5 tr(D'D A) - tr(D'B)}. */
  private static double surrogate(double[] d, double[] a, double[] b, int m, int atoms) {
    double sum = 0;
    for (int j = 0; j < atoms; j++) {
      for (int k = 0; k < atoms; k++) {
        double product = 0;
        for (int i = 0; i < m; i++) {
          product += d[j * m + i] * d[k * m + i];
        }
        sum += 0.5 * product * a[j * atoms + k];
      }
      for (int i = j * m; i < (j + 1) * m; i++) {
        sum -= d[i] * b[i];
      }
    }
    return sum;
  }

  private static double norm(double[] v, int from, int n) {
    return Vectors.norm(v, from, n);
  }

  private static double[] gaussian(Random random, int n) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = random.nextGaussian();
    }
    return v;
  }
}
