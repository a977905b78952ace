package io.millrace.core.dictionary.cp;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class CpLeastSquaresTest {
  private final Workspace workspace = new Workspace();

  @Property(tries = 100)
  void blocksSatisfyTheOptimalityConditions(
      @ForAll @IntRange(min = 1, max = 8) int atoms,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(min = -6, max = 6) int exponent,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] f = random.doubles(atoms * 3L, -1, 1).toArray();
    double[] gram = new double[atoms * atoms];
    for (int i = 0; i < atoms; i++) {
      for (int j = 0; j < atoms; j++) {
        gram[i * atoms + j] = Vectors.dot(f, i * 3, f, j * 3, 3);
      }
    }
    double scale = Math.pow(10, exponent);
    double[] right = random.doubles((long) rows * atoms, -scale, scale).toArray();
    double[] old = random.doubles((long) rows * atoms, 0, scale).toArray();
    double prox = 0.1;
    double[] x = old.clone();
    new ProximalBlock(atoms, 1e-13, 100_000).solve(rows, atoms, 1, gram, right, prox, x, workspace);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < atoms; j++) {
        int at = r * atoms + j;
        double gradient = prox * (x[at] - old[at]) - right[at];
        for (int k = 0; k < atoms; k++) {
          gradient += gram[j * atoms + k] * x[r * atoms + k];
        }
        assertThat(x[at]).isGreaterThanOrEqualTo(0);
        assertThat(gradient).isGreaterThanOrEqualTo(-1e-9 * scale);
        assertThat(x[at] == 0 || gradient <= 1e-9 * scale).isTrue();
      }
    }
  }

  @Property(tries = 60)
  void theObjectiveNeverRisesAndMovesAreSummable(
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(min = 1, max = 5) int columns,
      @ForAll @IntRange(min = 1, max = 4) int atoms,
      @ForAll @DoubleRange(min = 0.01, max = 2) double prox,
      @ForAll long seed) {
    int n = 6;
    Random random = new Random(seed);
    double[] x = random.doubles((long) n * rows * columns, 0, 1).toArray();
    double[] u = random.doubles((long) atoms * rows, 0, 1).toArray();
    double[] v = random.doubles((long) atoms * columns, 0, 1).toArray();
    double[] w = random.doubles((long) n * atoms, 0, 1).toArray();
    CpLeastSquares blocks =
        new CpLeastSquares(rows, columns, atoms, 1e-13, 100_000, ScalarBackend.INSTANCE);
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    double[] a = new double[atoms * atoms];
    double[] b = new double[atoms * rows * columns];
    double[] parts = new double[n];
    CpShape shape = new CpShape(rows, columns, atoms);
    double start = objective(shape, x, u, v, w);
    double before = start;
    double moves = 0;
    for (int k = 0; k < 30; k++) {
      double[] u0 = u.clone();
      double[] v0 = v.clone();
      double[] w0 = w.clone();
      blocks.accumulate(0, 1, x, ones, w, n, a, b, workspace);
      blocks.updateFactor(true, a, b, prox, u, v, workspace);
      blocks.updateFactor(false, a, b, prox, v, u, workspace);
      blocks.updateCodes(x, n, u, v, prox, w, parts, workspace);
      double after = Arrays.stream(parts).sum();
      assertThat(after).isLessThanOrEqualTo(before + 1e-11 * (1 + start));
      before = after;
      moves += squares(u0, u) + squares(v0, v) + squares(w0, w);
    }
    assertThat(Math.abs(before - objective(shape, x, u, v, w))).isLessThan(1e-9 * (1 + start));
    assertThat(moves).isLessThanOrEqualTo(2 * (start - before) / prox + 1e-9);
  }

  private static double objective(CpShape shape, double[] x, double[] u, double[] v, double[] w) {
    int m = shape.dimension();
    double[] d = new double[shape.atoms() * m];
    shape.atoms(u, v, d);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double rest = x[i];
      for (int j = 0; j < shape.atoms(); j++) {
        rest -= w[i / m * shape.atoms() + j] * d[j * m + i % m];
      }
      sum += rest * rest;
    }
    return 0.5 * sum;
  }

  private static double squares(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }
}
