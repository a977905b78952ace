/**
 * Chains: the registries of what they are composed of, and visits to clients.
 *
 * <p>{@link io.millrace.core.sample.chain.Estimators}, {@link
 * io.millrace.core.sample.chain.Diffusions}, {@link io.millrace.core.sample.chain.SurrogateKinds}
 * and {@link io.millrace.core.sample.chain.ParticleMethods} are lists with one line for each rule;
 * what is not in its list does not exist. A {@link io.millrace.core.sample.chain.Sampler} composes
 * an estimator and a diffusion with the correction that a client brings: with surrogates it is
 * FSGLD, without DSGLD.
 *
 * <p>A {@link io.millrace.core.sample.chain.Chain} takes the state of a chain through a visit of
 * some local steps. The state is what travels: theta, the slots of the diffusion, and the number of
 * steps taken, which with job seed and chain names every number that is drawn. {@link
 * io.millrace.core.sample.chain.Routing} says where a chain goes next.
 *
 * <p>Guarantees: the same state and the same rows give the same bits; a visit that diverges leaves
 * the chain as it was; a step allocates nothing.
 *
 * <p>Begin with {@link io.millrace.core.sample.chain.Sampler}.
 *
 * <p>May use {@code core.compute, core.optim, core.rng, core.sample, core.sample.diffusion,
 * core.sample.estimator, core.sample.particle, core.sample.surrogate, core.spec, core.state}.
 */
package io.millrace.core.sample.chain;
