/**
 * Policies that rank arms by an index of their pulls and mean reward, and play the greatest.
 *
 * <p>Rewards are made from costs between {@code cost-low} and {@code cost-high}: the least cost is
 * the reward 1, the greatest the reward 0. Indexes are those of the papers, in rewards.
 *
 * <p>They are deterministic: the probability of the arm is 1, and another policy can be evaluated
 * on their log only where it agrees with them. The hyperparameter {@code epsilon}, which each has,
 * draws that share of the decisions uniformly. Softmax ranks in the same way and draws.
 *
 * <p>Begin with {@link io.millrace.core.bandit.index.Ucb1}.
 *
 * <p>May use {@code core.bandit, core.compute, core.rng, core.spec, core.state}.
 */
package io.millrace.core.bandit.index;
