/**
 * Rules that know the curvature: they multiply the gradient by an approximate inverse of the
 * Hessian, of the Gauss-Newton matrix or of the Fisher matrix.
 *
 * <p>What they know differs. {@link io.millrace.core.optim.secondorder.AdaHessian} has a diagonal,
 * found by random probes. {@link io.millrace.core.optim.secondorder.Shampoo}, {@link
 * io.millrace.core.optim.secondorder.AdaFisherLinear} and {@link
 * io.millrace.core.optim.secondorder.MkorLinear} have two small factors for each matrix of
 * parameters. {@link io.millrace.core.optim.secondorder.MFac} and its compressed form keep the last
 * gradients. {@link io.millrace.core.optim.secondorder.Egn} takes the exact Gauss-Newton matrix of
 * the mini-batch, through the smaller of two systems. The PSGD rules fit a preconditioner, dense or
 * of low rank, by probes.
 *
 * <p>Rules for layers ask the objective for {@link io.millrace.core.optim.Layer}s: inputs and
 * derivatives of each linear layer of the model. Matrices of parameters follow the layout; a model
 * with one output is one column. Dense work goes through the kernels of the step context.
 *
 * <p>These rules cost more than d per step; each file says how much.
 *
 * <p>Begin with {@link io.millrace.core.optim.secondorder.AdaHessian}, then {@link
 * io.millrace.core.optim.secondorder.Shampoo}.
 *
 * <p>May use {@code core.compute, core.linalg, core.optim, core.rng, core.spec}.
 */
package io.millrace.core.optim.secondorder;
