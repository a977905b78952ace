/**
 * What is known of a posterior from the draws of its chains: moments, diagnostics, and some draws.
 *
 * <p>{@link io.millrace.core.sample.posterior.DrawStatistics} takes draws one by one and keeps
 * mean, covariance or variances, and batch means, from which come split R-hat and the effective
 * sample size at any time. {@link io.millrace.core.sample.posterior.ThinnedDraws} keeps a bounded
 * number of draws, evenly spaced, to predict with. {@link
 * io.millrace.core.sample.posterior.Reliability} says whether chains agree and are long enough.
 * {@link io.millrace.core.sample.posterior.Convergence} has the exact diagnostics over draws that
 * were kept, rank versions among them.
 *
 * <p>{@link io.millrace.core.sample.posterior.PosteriorForm} names what a published posterior is
 * made of, and writes it.
 *
 * <p>What is kept of a chain lies in a {@link io.millrace.core.state.LearnerState} that the caller
 * owns; the classes are immutable and serve all chains. A state that is copied and continued gives
 * the same bits.
 *
 * <p>R-hat and effective sample size say that chains agree, not that they agree on the posterior:
 * the bias of delayed communication, and that of a large step, are shared by all chains.
 *
 * <p>Begin with {@link io.millrace.core.sample.posterior.DrawStatistics}.
 *
 * <p>May use {@code core.compute, core.learn, core.sample.gaussian, core.state}.
 */
package io.millrace.core.sample.posterior;
