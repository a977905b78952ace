/**
 * Parts that are put around any policy, for costs that change in time.
 *
 * <p>{@link io.millrace.core.bandit.restart.PageHinkley} watches the costs of every arm and starts
 * the policy anew when one has become dearer. A part is a policy itself: it hands every call on to
 * the one inside, whose blocks come first in its own, and adds what it needs. A configuration puts
 * it there by naming one of its hyperparameters.
 *
 * <p>A policy that forgets by itself, such as discounted UCB, needs no part.
 *
 * <p>Begin with {@link io.millrace.core.bandit.restart.PageHinkley}.
 *
 * <p>May use {@code core.bandit, core.compute, core.learn, core.rng, core.spec, core.state}.
 */
package io.millrace.core.bandit.restart;
