/**
 * Policies for a context of one number, where arms stand for the values of a parameter.
 *
 * <p>{@link io.millrace.core.bandit.contextual.Joint} is the default of a tuner with such a
 * context: one linear model of the logarithm of the cost over parameter and context. {@link
 * io.millrace.core.bandit.contextual.ChebCb} has a polynomial of the context for every arm and
 * draws by {@link io.millrace.core.bandit.contextual.InverseGap inverse-gap weighting}.
 *
 * <p>Contexts and values are scaled to [-1, 1] by the ends of an interval that is configured; a
 * number outside counts as the nearer end, so that a request is always answered. The ends give the
 * numbers of a state their meaning and cannot change while a tuner runs.
 *
 * <p>Begin with {@link io.millrace.core.bandit.contextual.ChebCb}.
 *
 * <p>May use {@code core.bandit, core.bandit.linear, core.compute, core.learn, core.linalg,
 * core.rng, core.spec, core.state}.
 */
package io.millrace.core.bandit.contextual;
