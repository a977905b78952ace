/**
 * Policies whose rewards are linear in a context, or in features of the arms.
 *
 * <p>A reward is minus the cost, which may be any finite number. {@link
 * io.millrace.core.bandit.linear.RidgeModels} holds the regressions: A, its inverse, and b, as
 * blocks of the state, for one model or one for every arm. {@link
 * io.millrace.core.bandit.linear.LinUcb} and {@link io.millrace.core.bandit.linear.LinTs} have a
 * model per arm over the context of the request; {@link
 * io.millrace.core.bandit.linear.SharedLinUcb} and {@link
 * io.millrace.core.bandit.linear.SharedLinTs} have one over the features that the request brings
 * for every arm, so that they know new arms at once.
 *
 * <p>Rows are what was known at the time of the decision; it is kept until the cost comes.
 *
 * <p>Begin with {@link io.millrace.core.bandit.linear.LinUcb}.
 *
 * <p>May use {@code core.bandit, core.bandit.thompson, core.compute, core.learn, core.rng,
 * core.spec, core.state}.
 */
package io.millrace.core.bandit.linear;
