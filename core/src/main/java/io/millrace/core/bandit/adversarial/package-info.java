/**
 * Policies for costs that an adversary may choose: probabilities over the arms, and estimates of
 * every arm's loss by importance weights.
 *
 * <p>The weight of a cost is one over the probability that its arm had at the time of the decision,
 * which the caller keeps. So a cost may come late and in any order: estimates are sums. A decision
 * that was not drawn, because a baseline made it, has no such probability and must not be learned
 * from.
 *
 * <p>Tsallis-INF is the default of a tuner without a context. Its probabilities come from one
 * equation, solved by Newton's method over the eligible arms.
 *
 * <p>Begin with {@link io.millrace.core.bandit.adversarial.TsallisInf}.
 *
 * <p>May use {@code core.bandit, core.compute, core.learn, core.rng, core.spec, core.state}.
 */
package io.millrace.core.bandit.adversarial;
