/**
 * Rules that use the shape of a matrix of parameters: orthogonal updates, subspaces of low rank,
 * and second moments shared by rows or columns.
 *
 * <p>{@link io.millrace.core.optim.structured.Auon} and {@link
 * io.millrace.core.optim.structured.Dion} make the update of a matrix nearly orthogonal. {@link
 * io.millrace.core.optim.structured.OnlineSubspaceDescent} and {@link
 * io.millrace.core.optim.structured.GrassTopR} run Adam in a subspace that is chosen anew from time
 * to time. {@link io.millrace.core.optim.structured.SubsetNormAdam} and its relative keep one
 * second moment for each row or column. They save memory where matrices are large.
 *
 * <p>{@link io.millrace.core.optim.structured.Subspace} turns a block of parameters so that its
 * longer side is down, and projects it; {@link io.millrace.core.optim.structured.SubsetNorm} says
 * which elements share a moment. A vector, such as the weights of a model with one output, is a
 * matrix of one column: the rules work there, each file says what becomes of them.
 *
 * <p>Gradients and parameters come as flat arrays with a layout; products go through the kernels of
 * the step context. All of these rules mix coordinates, so sparse mini-batches cost as much as
 * dense ones.
 *
 * <p>Begin with {@link io.millrace.core.optim.structured.SubsetNormAdam}, then {@link
 * io.millrace.core.optim.structured.Subspace}.
 *
 * <p>May use {@code core.compute, core.linalg, core.optim, core.rng, core.spec}.
 */
package io.millrace.core.optim.structured;
