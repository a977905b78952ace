package io.millrace.core.dictionary.coder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.SparseCoder;
import io.millrace.core.dictionary.learner.Coders;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Every coder that solves the lasso to the end satisfies its optimality conditions. */
class ExactLassoCodersTest {
  private static final List<String> INEXACT = List.of(Omp.SPEC.id(), Ista.SPEC.id());

  @Provide
  Arbitrary<CoderSpec> exact() {
    return Arbitraries.of(Coders.ALL.stream().filter(s -> !INEXACT.contains(s.id())).toList());
  }

  @Property(tries = 1500)
  void codesSatisfyTheOptimalityConditions(
      @ForAll("exact") CoderSpec spec,
      @ForAll Problem.Atoms kind,
      @ForAll @IntRange(min = 1, max = 24) int atoms,
      @ForAll @IntRange(min = 1, max = 14) int dimension,
      @ForAll @DoubleRange(min = 0.02, max = 1.1) double part,
      @ForAll @IntRange(min = 0, max = 1) int ridge,
      @ForAll boolean nonNegative,
      @ForAll long seed) {
    Problem p = Problem.random(kind, atoms, dimension, seed);
    double lambda = part * p.top();
    Assume.that(lambda > 0);
    double lambda2 = 0.1 * ridge;
    SparseCoder coder = coder(spec, p, lambda, lambda2, nonNegative);
    double[] a = new double[Problem.OFFSET + atoms];
    int steps = p.encode(coder, a);
    double[] code = Arrays.copyOfRange(a, Problem.OFFSET, a.length);

    if (spec != Fista.SPEC) {
      // The others solve for their non-zeros, so they end also where atoms are nearly parallel.
      assertThat(steps).as("steps; negative: not converged").isNotNegative();
    }
    // On a path without ties nothing is left to the descent that completes others.
    boolean toRounding = spec == LarsLasso.SPEC && kind == Problem.Atoms.RANDOM;
    assertOptimal(p, code, lambda, lambda2, nonNegative, toRounding ? 1e-13 : 1e-6);
    assertThat(p.gap(coder, code)).isBetween(-1e-12 * p.xx, 1e-4 * p.xx);
  }

  @Property(tries = 300)
  void noCodeBeatsAnotherCodersObjectiveByMoreThanItsGap(
      @ForAll("exact") CoderSpec spec,
      @ForAll @IntRange(min = 1, max = 24) int atoms,
      @ForAll @IntRange(min = 1, max = 14) int dimension,
      @ForAll boolean nonNegative,
      @ForAll long seed) {
    Problem p = Problem.random(Problem.Atoms.RANDOM, atoms, dimension, seed);
    SparseCoder coder = coder(spec, p, 0.2 * p.top(), 0, nonNegative);
    SparseCoder reference = coder(CdLasso.SPEC, p, 0.2 * p.top(), 0, nonNegative);
    double[] code = p.code(coder);
    double[] best = p.code(reference);
    assertThat(p.objective(coder, code))
        .isLessThanOrEqualTo(p.objective(reference, best) + 1e-9 * p.xx);
    double[] anything = new Random(seed).doubles(atoms, 0, 0.5).toArray();
    double worse = p.objective(coder, anything); // far above ||x||^2 where the signal is small
    assertThat(p.gap(coder, anything))
        .isGreaterThanOrEqualTo(worse - p.objective(reference, best) - 1e-9 * p.xx - 1e-12 * worse);
  }

  /** With lambda = 0: least squares, of which there may be many, or non-negative least squares. */
  @Property(tries = 300)
  void withoutAPenaltyCodesAreLeastSquares(
      @ForAll("exact") CoderSpec spec,
      @ForAll @IntRange(min = 1, max = 16) int atoms,
      @ForAll @IntRange(min = 1, max = 10) int dimension,
      @ForAll boolean nonNegative,
      @ForAll long seed) {
    Problem p = Problem.random(Problem.Atoms.RANDOM, atoms, dimension, seed);
    SparseCoder coder = coder(spec, p, 0, 0, nonNegative);
    assertOptimal(p, p.code(coder), 0, 0, nonNegative, 1e-6);
  }

  private static void assertOptimal(
      Problem p,
      double[] code,
      double lambda,
      double lambda2,
      boolean nonNegative,
      double tolerance) {
    double[] r = p.residual(code);
    double allowed = tolerance * p.top();
    for (int j = 0; j < p.atoms; j++) {
      double slope = p.slope(j, r) - lambda2 * code[j];
      if (code[j] != 0) {
        assertThat(slope).isCloseTo(Math.copySign(lambda, code[j]), within(allowed));
      } else {
        assertThat(nonNegative ? slope : Math.abs(slope)).isLessThanOrEqualTo(lambda + allowed);
      }
      if (nonNegative) {
        assertThat(code[j]).isNotNegative();
      }
    }
  }

  private static SparseCoder coder(
      CoderSpec spec, Problem p, double lambda, double lambda2, boolean nonNegative) {
    Map<String, Double> given = new HashMap<>();
    given.put("lambda", lambda);
    given.put("lambda2", lambda2);
    given.put("nonnegative-codes", nonNegative ? 1.0 : 0.0);
    given.put("max-sweeps", 1e5);
    if (spec != LarsLasso.SPEC) {
      given.put("tolerance", 1e-10);
    }
    return Problem.coder(spec, p.dimension, given);
  }
}
