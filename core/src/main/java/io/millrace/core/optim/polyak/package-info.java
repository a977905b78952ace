/**
 * Rules with a Polyak step: the loss itself, divided by the squared gradient, is the length of the
 * step.
 *
 * <p>{@link io.millrace.core.optim.polyak.SpsMax} is the stochastic Polyak step with a cap. The ALR
 * rules combine it with momentum. {@link io.millrace.core.optim.polyak.PspsHutchinson} and the
 * SANIA rules measure the gradient in a norm that adapts: a Hessian diagonal found by random
 * probes, or second moments as in AdaGrad and Adam. {@link io.millrace.core.optim.polyak.Polyak}
 * and {@link io.millrace.core.optim.polyak.Sania} hold what the rules share.
 *
 * <p>All ask for the loss of the mini-batch beside its gradient, and all assume a lower bound of
 * that loss: 0 unless it is set. Where the loss falls below the bound, the step is 0 and not a step
 * uphill. The learning rate of a configuration is the cap, or a factor, as each file says. The step
 * that was taken is reported to the context.
 *
 * <p>Memory is 0 or 1 d, and each step asks for one value and one gradient; the Hutchinson rule
 * adds a Hessian-vector product.
 *
 * <p>Begin with {@link io.millrace.core.optim.polyak.SpsMax}.
 *
 * <p>May use {@code core.compute, core.linalg, core.optim, core.rng, core.spec}.
 */
package io.millrace.core.optim.polyak;
