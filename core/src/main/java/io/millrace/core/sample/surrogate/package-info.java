/**
 * Surrogates: how clients describe their likelihoods to each other, so that a chain which stays
 * with one for long is not drawn to that client's own mode.
 *
 * <p>A client's surrogate is a Gaussian function in natural parameters. From all of them comes the
 * conducive gradient, which is added to every estimate at a client, and whose mean over the clients
 * is zero whatever the surrogates are: bad ones cost variance, never bias of a single step. The
 * kinds are {@link io.millrace.core.sample.surrogate.ExactSurrogate}, {@link
 * io.millrace.core.sample.surrogate.LaplaceSurrogate}, {@link
 * io.millrace.core.sample.surrogate.SampledSurrogate} and {@link
 * io.millrace.core.sample.surrogate.NoSurrogate}.
 *
 * <p>Two repairs are on by default. Surrogates are anchored: each gets the exact gradient of its
 * client at one common point, so that what is wrong with its curvature counts near that point only.
 * And they are guarded: none claims so much more curvature than its client has that a visit would
 * diverge. A surrogate that knows curvature elsewhere than where it was fitted takes that at the
 * common point.
 *
 * <p>{@link io.millrace.core.sample.surrogate.Federation} has the steps, each by itself, since they
 * are taken in different places, and all in one; {@link
 * io.millrace.core.sample.surrogate.AnchorSearch} finds the common point; an {@link
 * io.millrace.core.sample.surrogate.Epoch} is what comes of them.
 *
 * <p>What is sent reveals sums over a client's rows: of a client with one row, the row.
 *
 * <p>Begin with {@link io.millrace.core.sample.surrogate.Federation}.
 *
 * <p>May use {@code core.compute, core.linalg, core.rng, core.sample, core.spec, core.state}.
 */
package io.millrace.core.sample.surrogate;
