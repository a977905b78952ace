package io.millrace.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.Vectors;
import io.millrace.core.rng.PhiloxDraws;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RelaxedSolversTest {
  private static final double TOLERANCE = 1e-8;

  private final GridStencil a = GridStencil.shiftedLaplacian(10, 0.1);
  private final double[] b = normals(a.size());
  private final double[] x = new double[a.size()];

  @Test
  void sorEndsWithAResidualBelowTheTolerance() {
    Sor sor = new Sor();
    int iterations = sor.solve(a, b, x, 1.5, TOLERANCE, RelaxedSolver.MAX_ITERATIONS);
    assertThat(iterations).isBetween(20, 100);
    assertThat(sor.residual()).isLessThan(TOLERANCE);
    assertThat(sor.previousResidual()).isGreaterThanOrEqualTo(TOLERANCE);
    assertThat(residual(x) / Vectors.norm(b, 0, b.length)).isLessThan(TOLERANCE);
  }

  @Test
  void ssorEndsWithATrueResidualBelowTheToleranceToo() {
    SsorCg cg = new SsorCg();
    int iterations = cg.solve(a, b, x, 1.3, TOLERANCE, RelaxedSolver.MAX_ITERATIONS);
    assertThat(iterations).isBetween(5, 30);
    assertThat(residual(x) / Vectors.norm(b, 0, b.length)).isCloseTo(cg.residual(), within(1e-14));
  }

  @Test
  void theBestOmegaOfTheoryTakesAboutAsManyIterationsAsTheoryHas() {
    YoungBound theory = new YoungBound(a.jacobiRadius());
    int iterations = new Sor().solve(a, b, x, theory.best(), TOLERANCE, 1000);
    assertThat((double) iterations)
        .isBetween(
            theory.iterations(theory.best(), 0, TOLERANCE),
            theory.iterations(theory.best(), 0.25, TOLERANCE));
  }

  @Test
  void aStartThatSolvesTheSystemTakesNoIteration() {
    double[] start = normals(a.size());
    double[] image = new double[a.size()];
    a.multiply(start, image);
    double[] before = start.clone();
    assertThat(new Sor().solve(a, image, start, 1.5, TOLERANCE, 1000)).isZero();
    assertThat(new SsorCg().solve(a, image, start, 1.5, TOLERANCE, 1000)).isZero();
    assertThat(start).isEqualTo(before);
  }

  @Test
  void aZeroRightHandSideHasTheSolutionZero() {
    double[] zero = new double[a.size()];
    double[] start = normals(a.size());
    assertThat(new SsorCg().solve(a, zero, start, 1.5, TOLERANCE, 1000)).isZero();
    assertThat(start).containsOnly(0);
  }

  @Test
  void whatDoesNotConvergeEndsAtTheLimit() {
    GridStencil indefinite = GridStencil.shiftedLaplacian(10, -2);
    assertThat(new Sor().solve(indefinite, b, x, 1.5, TOLERANCE, 77)).isEqualTo(77);
    Arrays.fill(x, 0);
    assertThat(new Sor().solve(a, b, x, 1.0, TOLERANCE, 7)).isEqualTo(7);
  }

  private double residual(double[] at) {
    double[] r = new double[at.length];
    a.residual(b, at, r);
    return Vectors.norm(r, 0, r.length);
  }

  private static double[] normals(int n) {
    PhiloxDraws draws = new PhiloxDraws(5, "right-hand side");
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = draws.normal(i);
    }
    return v;
  }
}
