package io.millrace.core.dictionary.coder;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.dictionary.SparseCoder;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ProximalGradientTest {
  /** Beck, Teboulle (2009), theorems 3.1 and 4.4. */
  @Property(tries = 100)
  void objectiveFallsAtLeastAsFastAsTheTheoremsSay(
      @ForAll Problem.Atoms kind,
      @ForAll @IntRange(min = 1, max = 24) int atoms,
      @ForAll @IntRange(min = 1, max = 14) int dimension,
      @ForAll boolean nonNegative,
      @ForAll long seed) {
    Problem p = Problem.random(kind, atoms, dimension, seed);
    Map<String, Double> given = new HashMap<>();
    given.put("lambda", 0.1 * p.top());
    given.put("nonnegative-codes", nonNegative ? 1.0 : 0.0);
    SparseCoder exact = Problem.coder(LarsLasso.SPEC, dimension, given);
    double[] best = p.code(exact);
    double least = p.objective(exact, best);
    double distance = 0;
    for (double v : best) {
      distance += v * v;
    }
    double lipschitz = p.gram.lipschitz();
    given.put("tolerance", 0.0);
    for (int k = 1; k <= 40; k += 3) {
      given.put("max-sweeps", (double) k);
      given.remove("restart");
      SparseCoder ista = Problem.coder(Ista.SPEC, dimension, given);
      given.put("restart", 0.0);
      SparseCoder fista = Problem.coder(Fista.SPEC, dimension, given);
      double rounding = 1e-9 * p.xx;
      assertThat(p.objective(ista, p.code(ista)) - least)
          .isLessThanOrEqualTo(lipschitz * distance / (2 * k) + rounding);
      assertThat(p.objective(fista, p.code(fista)) - least)
          .isLessThanOrEqualTo(2 * lipschitz * distance / ((k + 1.0) * (k + 1.0)) + rounding);
    }
  }

  @Property(tries = 200)
  void lipschitzBoundIsAboveTheLargestEigenvalueAndCloseToIt(
      @ForAll Problem.Atoms kind,
      @ForAll @IntRange(min = 1, max = 24) int atoms,
      @ForAll @IntRange(min = 1, max = 14) int dimension,
      @ForAll long seed) {
    Problem p = Problem.random(kind, atoms, dimension, seed);
    double[] values = new double[atoms];
    ScalarBackend.INSTANCE
        .kernels()
        .eigenSymmetric(atoms, p.gram.values(), values, new double[atoms * atoms]);
    double largest = values[atoms - 1];
    assertThat(p.gram.lipschitz())
        .isBetween(largest, Math.pow(dimension, 1 / 16.0) * largest * (1 + 1e-9));
  }
}
