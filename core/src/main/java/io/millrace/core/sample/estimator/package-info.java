/**
 * Estimators: the gradient of the log-likelihood of everybody's rows, from some rows of one client.
 *
 * <p>{@link io.millrace.core.sample.estimator.MiniBatch} is the plain one. {@link
 * io.millrace.core.sample.estimator.ControlVariate}, {@link io.millrace.core.sample.estimator.Svrg}
 * and {@link io.millrace.core.sample.estimator.Saga} take most of its variance away, by gradients
 * at the anchor of the client, at a point that follows the chain, or at the points where each row
 * was last drawn. {@link io.millrace.core.sample.estimator.FullGradient} has no variance to take
 * away.
 *
 * <p>A client holds N rows and is visited with probability f. The mean of an estimate, over the
 * rows drawn and over the client visited, is the gradient over all rows of all clients. Rows are
 * drawn with replacement, by their index, from the purpose for mini-batches: the same step draws
 * the same rows again.
 *
 * <p>Guarantees: estimators are immutable; what they keep of a chain at a client is in slots of
 * that client; a step allocates nothing; a client without rows adds nothing.
 *
 * <p>Begin with {@link io.millrace.core.sample.estimator.MiniBatch}.
 *
 * <p>May use {@code core.compute, core.optim, core.rng, core.sample, core.spec}.
 */
package io.millrace.core.sample.estimator;
