/**
 * Learners that keep a posterior or the counts of one: naive Bayes, and Bayesian probit regression.
 *
 * <p>{@link io.millrace.core.bayes.NaiveBayes} counts classes, and leaves to a {@code Likelihood}
 * how features are distributed within one: {@code Gaussian}, {@code Multinomial} or {@code
 * Bernoulli}. A new distribution is one class and one word there.
 *
 * <p>Both are {@link io.millrace.core.learner.EventLearner}s: one row at a time comes in, a
 * probability leaves, and with it what else the learner knows of it. Their tensors are statistics
 * in units of events, so that readers need nothing of how they are kept.
 *
 * <p>Guarantees: a row that would make a number not finite changes nothing; the same events give
 * the same bits, whatever the machine; nothing is allocated but for publishing.
 *
 * <p>Begin with {@link io.millrace.core.bayes.NaiveBayes}.
 *
 * <p>May use {@code core.compute, core.features, core.learn, core.learner, core.spec, core.special,
 * core.state}.
 */
package io.millrace.core.bayes;
