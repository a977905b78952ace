/**
 * Iterative solvers of linear systems whose number of iterations depends on one parameter: the
 * workload on which the tuning of parameters is shown and measured.
 *
 * <p>A {@link io.millrace.core.solver.RelaxedSolver} is given a system, a start and an omega, and
 * says how many iterations it took: the cost of that omega on that system. {@link
 * io.millrace.core.solver.Sor} is successive over-relaxation; {@link
 * io.millrace.core.solver.SsorCg} is conjugate gradients with the symmetric variant as their
 * preconditioner. A wrong omega costs several times the best one, and which one is best changes
 * with the matrix.
 *
 * <p>Systems are those of {@link io.millrace.core.solver.GridStencil}, the five-point stencil on a
 * square, with any diagonal and any coupling: the Laplacian with a shift, and the steps of the heat
 * equation. Right-hand sides and iterates are arrays of one number per unknown, row by row. The
 * matrix is never stored.
 *
 * <p>{@link io.millrace.core.solver.YoungBound} says what theory knows beforehand: the best omega
 * and how fast the others are.
 *
 * <p>Guarantees: the same iterations on every machine, since nothing but sums, products and square
 * roots is computed, in a fixed order; iterations are bounded. Golden files of an independent
 * program hold counts and bounds.
 *
 * <p>Begin with {@link io.millrace.core.solver.Sor}.
 *
 * <p>May use {@code core.compute}.
 */
package io.millrace.core.solver;
