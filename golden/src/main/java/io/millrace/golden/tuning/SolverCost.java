package io.millrace.golden.tuning;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.linalg.PositiveDefinite;
import io.millrace.core.solver.GridStencil;
import io.millrace.core.solver.RelaxedSolver;
import io.millrace.core.solver.Sor;
import io.millrace.core.solver.SsorCg;
import io.millrace.core.solver.YoungBound;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.Tolerance;
import io.millrace.golden.kind.UnsupportedGolden;

/**
 * Iterations of relaxed solvers on a shifted Laplacian, for several omegas. Counts have to be
 * equal, unless the residual passed the threshold by so little that rounding decides. A case is a
 * system.
 */
public final class SolverCost implements GoldenKind {
  /** Systems are small in files; a damaged one must not ask for hours. */
  private static final int MOST_UNKNOWNS_PER_SIDE = 24;

  /** Of norms and errors, relative: an error of 1e-8 is known to rounding of the solution. */
  private static final Tolerance NORMS = new Tolerance(1e-5, 1, 0, 0);

  /** Of distances from the threshold, 1e-5 of the tolerance that a residual is solved to. */
  private static final Tolerance SWEEP_MARGINS = new Tolerance(NORMS.bound(), 1, 0, 1);

  /**
   * The same of conjugate gradients, 0.2: with omega near 2 their directions lose orthogonality,
   * and the last residuals depend that much on the order of sums.
   */
  private static final Tolerance DIRECTION_MARGINS = new Tolerance(NORMS.bound(), 1, 0, 20_000);

  /** Beneath this distance from the threshold, counts may differ by one. */
  private static final double UNDECIDED = 1e-6;

  @Override
  public String id() {
    return "solver_cost";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  /** The file's own is that of counts, 0; the numbers beside them are rounded. */
  @Override
  public Tolerance tolerance(JsonNode file) {
    double ofCounts = Tolerance.of(file).bound();
    if (ofCounts != 0) {
      throw new UnsupportedGolden("'tolerance' is " + ofCounts + "; counts are compared exactly");
    }
    return NORMS;
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    String name = Fields.text(file, "name");
    RelaxedSolver solver =
        switch (name) {
          case "sor" -> new Sor();
          case "ssor_pcg" -> new SsorCg();
          default -> throw new UnsupportedGolden("no solver '" + name + "'");
        };
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      JsonNode expected = Fields.object(c, "expected");
      Problem problem = new Problem(Fields.object(c, "inputs"));
      YoungBound theory = new YoungBound(problem.stencil.jacobiRadius());
      if (expected.has("jacobi_radius")) {
        tally.compare("jacobi_radius", Fields.number(expected, "jacobi_radius"), theory.beta());
      }
      if (expected.has("omega_opt")) {
        tally.compare("omega_opt", Fields.number(expected, "omega_opt"), theory.best());
      }
      for (JsonNode run : Fields.array(expected, "runs")) {
        run(solver, problem, run, tally);
      }
    }
  }

  private static void run(RelaxedSolver solver, Problem p, JsonNode expected, Tally tally) {
    double omega = Fields.number(expected, "omega");
    if (!(omega > 0 && omega < 2)) {
      throw new MalformedGolden("'omega' is " + omega + "; must lie in (0, 2)");
    }
    double[] x = p.start.clone();
    int iterations = solver.solve(p.stencil, p.b, x, omega, p.tolerance, p.maxIterations);
    String where = "omega " + omega;
    double margin = Fields.number(expected, "threshold_margin");
    int listed = Fields.integer(expected, "iterations", 0, RelaxedSolver.MAX_ITERATIONS);
    boolean undecided = margin < UNDECIDED && Math.abs(listed - iterations) == 1;
    tally.exact(where + ".iterations", listed, undecided ? listed : iterations);
    tally.compare(
        where + ".threshold_margin",
        margin,
        Math.min(
            Math.abs(solver.residual() / p.tolerance - 1),
            Math.abs(solver.previousResidual() / p.tolerance - 1)),
        solver instanceof SsorCg ? DIRECTION_MARGINS : SWEEP_MARGINS);
    if (expected.has("x_norm")) {
      tally.compare(where + ".x_norm", Fields.number(expected, "x_norm"), distance(x, null));
      tally.compare(
          where + ".error_to_exact",
          Fields.number(expected, "error_to_exact"),
          distance(x, p.solution()));
    }
  }

  private static double distance(double[] x, double[] from) {
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      double d = from == null ? x[i] : x[i] - from[i];
      squares += d * d;
    }
    return Math.sqrt(squares);
  }

  /** A system and how far it is to be solved. */
  private static final class Problem {
    final GridStencil stencil;
    final double[] b;
    final double[] start;
    final double tolerance;
    final int maxIterations;

    Problem(JsonNode inputs) {
      int side = Fields.integer(inputs, "grid_side", 1, MOST_UNKNOWNS_PER_SIDE);
      stencil = GridStencil.shiftedLaplacian(side, Fields.number(inputs, "shift"));
      if (!(stencil.diagonal() > 0 && stencil.jacobiRadius() < 1)) {
        throw new MalformedGolden("'shift' is so low that the matrix is not positive definite");
      }
      b = Fields.flat("b", Fields.array(inputs, "b"), stencil.size());
      start =
          Fields.need(inputs, "x0").isTextual() && Fields.text(inputs, "x0").equals("zero")
              ? new double[stencil.size()]
              : Fields.flat("x0", Fields.array(inputs, "x0"), stencil.size());
      tolerance = Fields.number(inputs, "tolerance");
      if (!(tolerance > 0 && tolerance < 1)) {
        throw new MalformedGolden("'tolerance' is " + tolerance + "; must lie in (0, 1)");
      }
      maxIterations =
          Fields.given(inputs, "max_iterations")
              ? Fields.integer(inputs, "max_iterations", 1, RelaxedSolver.MAX_ITERATIONS)
              : RelaxedSolver.MAX_ITERATIONS;
    }

    /** By the Cholesky factor of the matrix, written out. */
    double[] solution() {
      int n = stencil.size();
      double[] a = new double[n * n];
      double[] unit = new double[n];
      double[] column = new double[n];
      for (int j = 0; j < n; j++) {
        unit[j] = 1;
        stencil.multiply(unit, column);
        unit[j] = 0;
        for (int i = 0; i < n; i++) {
          a[i * n + j] = column[i];
        }
      }
      double[] x = b.clone();
      if (!PositiveDefinite.solve(ScalarBackend.INSTANCE.kernels(), n, a, x)) {
        throw new MalformedGolden("the matrix is not positive definite");
      }
      return x;
    }
  }
}
