/**
 * Golden files of sampling.
 *
 * <p>{@link io.millrace.golden.sample.FederatedLangevin} replays DSGLD and FSGLD over clients of
 * which the posterior is known: surrogates, single gradients part by part, trajectories, and the
 * exact stationary law of the chain. {@link io.millrace.golden.sample.LangevinVariants} replays
 * every other sampler, one case each. {@link io.millrace.golden.sample.Diagnostics} compares what
 * is said of chains.
 *
 * <p>Rows and noise of every step are listed by the files, so that a replay does not depend on a
 * generator; the production classes draw them through {@link
 * io.millrace.golden.sample.ListedSteps}, which refuses what is not listed. Random numbers have
 * files of their own, replayed in {@code rng}.
 *
 * <p>The stationary law is that of the chain, with its step size and mini-batch noise, and not the
 * posterior.
 *
 * <p>Begin with {@link io.millrace.golden.sample.LangevinVariants}.
 *
 * <p>May use {@code core.catalog, core.compute, core.optim, core.rng, core.sample,
 * core.sample.chain, core.sample.gaussian, core.sample.particle, core.sample.posterior,
 * core.sample.surrogate, core.state, golden.kind}.
 */
package io.millrace.golden.sample;
