/**
 * The contract of sampling a Bayesian posterior by Langevin chains over data that clients hold, and
 * what its parts share.
 *
 * <p>A {@link io.millrace.core.sample.Likelihood} answers for the rows of one client, a {@link
 * io.millrace.core.sample.Prior} for what is known without rows. A local step needs an estimate of
 * the gradient of the log posterior of all clients, and three parts make one, which know nothing of
 * each other: an {@link io.millrace.core.sample.Estimator} draws rows of the client; the client's
 * correction, a {@link io.millrace.core.sample.NaturalGaussian}, stands for the others; a {@link
 * io.millrace.core.sample.Diffusion} turns the estimate into a random step. A {@link
 * io.millrace.core.sample.Shard} is a client as a chain sees it. Rows may fade with age, by a
 * {@link io.millrace.core.sample.Discount}; they are then drawn by what is left of them.
 *
 * <p>Data are {@code double[]}: theta has d numbers, matrices are row-major. Gradients are those of
 * log densities, so steps go up. What is added to is said to be; all else that is written is
 * overwritten.
 *
 * <p>Guarantees: parts are immutable, and what they keep lies in slots that they declare;
 * randomness is a function of job seed, chain and step; a step allocates nothing; gradients of rows
 * are summed in the order in which rows are drawn.
 *
 * <p>Estimators, diffusions and surrogates are in packages of their own; {@code chain} has the
 * registries and composes them.
 *
 * <p>Begin with {@link io.millrace.core.sample.Shard}.
 *
 * <p>May use {@code core.compute, core.optim, core.rng, core.spec}.
 */
package io.millrace.core.sample;
