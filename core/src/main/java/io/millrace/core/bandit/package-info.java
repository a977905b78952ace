/**
 * Decisions online: the contract of policies, which choose one of some arms per request and learn
 * from the costs that come later.
 *
 * <p>A {@link io.millrace.core.bandit.PolicyRequest} says which arms are eligible and what is known
 * of the case. {@link io.millrace.core.bandit.Policy#choose} fills a {@link
 * io.millrace.core.bandit.PolicyDecision}: the arm, and the probability with which each arm would
 * have been played, which whoever evaluates other policies on the log needs. {@link
 * io.millrace.core.bandit.Policy#remember} writes the few numbers that are kept until the cost
 * comes, and {@link io.millrace.core.bandit.Policy#learn} takes them together with the cost.
 *
 * <p>State is blocks of a {@link io.millrace.core.state.LearnerState} of a fixed size: a tuner has
 * room for {@code maxArms} arms, which come and go while it runs. Which of them are eligible, what
 * they are called and which decisions wait is the caller's business. {@link
 * io.millrace.core.bandit.AbstractPolicy} keeps pulls and costs of every arm and does what a start
 * from another arm needs; {@link io.millrace.core.bandit.DrawnPolicy} draws from probabilities,
 * {@link io.millrace.core.bandit.IndexPolicy} plays the greatest index.
 *
 * <p>Guarantees: choosing changes nothing; a cost is learned whole or not at all; probabilities sum
 * to 1, are 0 outside of the eligible arms, and are those drawn from; ties go to the lowest arm;
 * other hyperparameters go on from the same state; the same draws give the same decisions.
 *
 * <p>A policy is one file in a subpackage, with its {@link io.millrace.core.bandit.PolicySpec}, and
 * one line in {@link io.millrace.core.bandit.catalog.Policies}.
 *
 * <p>Begin with {@link io.millrace.core.bandit.Policy}.
 *
 * <p>May use {@code core.compute, core.learn, core.rng, core.spec, core.state}.
 */
package io.millrace.core.bandit;
