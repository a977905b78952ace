/**
 * Thompson sampling: an arm is played with the probability that it is the best one, as far as is
 * known.
 *
 * <p>That probability is an integral, which {@link io.millrace.core.bandit.thompson.GreatestOf}
 * computes by quadrature, so that every decision can be logged with the probabilities of all arms.
 * It needs nothing but densities at nodes, and neither draws nor rounds differently on another
 * machine. {@link io.millrace.core.bandit.thompson.GaussianSampling} is for beliefs that are
 * independent normals; with Beta beliefs the arm is drawn from the probabilities themselves.
 *
 * <p>It costs some hundred nodes, an exponential each and arm: tens of microseconds for five arms,
 * a millisecond for twenty of which much is still to be learned. The time is the same at every
 * decision, whatever the number of requests before.
 *
 * <p>Begin with {@link io.millrace.core.bandit.thompson.ThompsonGaussian}.
 *
 * <p>May use {@code core.bandit, core.compute, core.rng, core.spec, core.state}.
 */
package io.millrace.core.bandit.thompson;
