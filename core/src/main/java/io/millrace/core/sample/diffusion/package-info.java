/**
 * Diffusions: how an estimated gradient of the log posterior becomes a random step.
 *
 * <p>{@link io.millrace.core.sample.diffusion.Langevin} is SGLD; DSGLD and FSGLD are its steps with
 * the gradients of clients. The others change the metric ({@link
 * io.millrace.core.sample.diffusion.PreconditionedLangevin}), add a momentum ({@link
 * io.millrace.core.sample.diffusion.Hamiltonian}), smooth a Laplace prior ({@link
 * io.millrace.core.sample.diffusion.ProximalLangevin}), or keep parameters positive ({@link
 * io.millrace.core.sample.diffusion.MirrorLangevin}).
 *
 * <p>A diffusion sees the gradient, never a row, a model or a client: each works with every
 * estimator and with every surrogate. One step size h means the same in all of them, drift h/2 and
 * noise of variance h; papers that write s mean h/2. The momentum of {@code sghmc} is the one
 * exception, whose step size is eta.
 *
 * <p>Guarantees: diffusions are immutable; their slots, one double per parameter each, travel with
 * the chain; noise is a function of job seed, chain and step; at temperature 0 none is drawn.
 *
 * <p>Begin with {@link io.millrace.core.sample.diffusion.Langevin}.
 *
 * <p>May use {@code core.compute, core.optim, core.rng, core.sample, core.spec}.
 */
package io.millrace.core.sample.diffusion;
