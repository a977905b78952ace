/**
 * Likelihoods of the supervised models that {@code learn} trains.
 *
 * <p>{@link io.millrace.core.sample.likelihood.ModelLikelihood} asks the objective of a model,
 * whatever its kind: Bayesian logistic and softmax regression are linear models with those losses,
 * Bayesian linear regression with the squared loss, and a Bayesian multi-layer perceptron is the
 * perceptron of {@code learn}. So a posterior has the parameters, in the order, of the models that
 * jobs publish, and a draw from it predicts as such a model does.
 *
 * <p>Linear-Gaussian models have classes of their own, in {@code gaussian}, because their posterior
 * is known; a linear model with the squared loss gives the same gradients.
 *
 * <p>Rows come in as a dense {@link io.millrace.core.features.Rows}. Questions go to its rows one
 * by one, or to all of them; curvature is that of the loss, where the loss has one.
 *
 * <p>Begin with {@link io.millrace.core.sample.likelihood.ModelLikelihood}.
 *
 * <p>May use {@code core.compute, core.features, core.model, core.optim, core.rng, core.sample}.
 */
package io.millrace.core.sample.likelihood;
