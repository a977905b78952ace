package io.millrace.core.solver;

/**
 * An iterative solver of linear systems with one parameter, omega, on which the number of its
 * iterations depends and its solution does not. Holds scratch and the last residuals: allocates
 * where the size of the system changes, and is not thread-safe.
 */
public interface RelaxedSolver {
  /** Iterations after which the solvers of the source papers give up. */
  int MAX_ITERATIONS = 10_000;

  /**
   * Solves A x = b from a start point.
   *
   * @param b [n], not modified
   * @param x [n], the start; overwritten by the last iterate
   * @param omega in (0, 2)
   * @param tolerance what {@link #residual} must come down to
   * @param maxIterations the iteration after which it ends in any case
   * @return iterations taken
   */
  int solve(
      GridStencil a, double[] b, double[] x, double omega, double tolerance, int maxIterations);

  /** The norm of the residual after the last iteration, in the solver's own unit. */
  double residual();

  /**
   * {@link #residual} one iteration earlier; of the start where there was one iteration or none.
   */
  double previousResidual();
}
