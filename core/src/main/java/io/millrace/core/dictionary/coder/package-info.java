/**
 * Sparse coders: rules that find the code of a signal under a given dictionary.
 *
 * <p>All but one solve the lasso, with an elastic-net term and non-negative codes where so set: by
 * cyclic coordinate descent with an active set, by the LARS path, by proximal gradients with and
 * without momentum, and by greedy choice of the next coordinate. {@link
 * io.millrace.core.dictionary.coder.Omp}, orthogonal matching pursuit, limits the number of atoms
 * instead of weighing them.
 *
 * <p>{@link io.millrace.core.dictionary.coder.LassoProblem} is what is minimised and {@link
 * io.millrace.core.dictionary.coder.LassoCoder} gives every lasso rule its penalty and its duality
 * gap. {@code PackedLasso} and {@code Support} hold the entries that are not zero side by side,
 * because most time is spent on few of them.
 *
 * <p>A Gram matrix, correlations and the squared norm of the signal come in; the code is written
 * over the start. The result says how many sweeps it took, negated where the limit ended them.
 * Coders are immutable and thread-safe, and scratch is in the workspace.
 *
 * <p>Some parts are public for golden files: the choice of a coordinate by {@link
 * io.millrace.core.dictionary.coder.GreedyCoordinate}, the lasso itself for methods.
 *
 * <p>Begin with {@link io.millrace.core.dictionary.coder.CdLasso}, the default.
 *
 * <p>May use {@code core.compute, core.dictionary, core.linalg, core.spec}.
 */
package io.millrace.core.dictionary.coder;
