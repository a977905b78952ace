/**
 * Golden files of tuning: solvers whose parameter is tuned, and budgeted tuners.
 *
 * <p>{@link io.millrace.golden.tuning.SolverCost} compares iteration counts of relaxed solvers,
 * which have to be equal, and {@link io.millrace.golden.tuning.SolverBound} what theory says of
 * them. {@link io.millrace.golden.tuning.HalvingRun} compares who goes on and in which order,
 * {@link io.millrace.golden.tuning.ConfigGpRun} the choices of a model among listed candidates, and
 * {@link io.millrace.golden.tuning.SearchRun} the points that a search tries, given its draws and
 * losses.
 *
 * <p>Tuners are run through the interface that jobs use, and are told losses in an order that a
 * stream may have.
 *
 * <p>Begin with {@link io.millrace.golden.tuning.SearchRun}.
 *
 * <p>May use {@code core.compute, core.linalg, core.rng, core.solver, core.state, core.tuning,
 * golden.kind}.
 */
package io.millrace.golden.tuning;
