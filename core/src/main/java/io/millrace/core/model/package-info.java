/**
 * Losses, and the models between features and loss.
 *
 * <p>A {@link io.millrace.core.model.Loss} says how wrong raw outputs are for a label, with
 * derivative, curvature where there is one, and mean function; most losses have one output and are
 * {@link io.millrace.core.model.ScalarLoss}es. An {@link io.millrace.core.model.Architecture} names
 * the tensors of a model and their start values: a linear model, a perceptron with hidden layers, a
 * factorization machine. A {@link io.millrace.core.model.ModelObjective} is both over a mini-batch:
 * it answers the questions of {@link io.millrace.core.optim.Objective}. Its {@code gradient} is
 * what all optimizers live on, so it is where the time goes.
 *
 * <p>Rows come in by {@code aim}, with the parameters for all features or for the touched ones
 * only. Raw outputs leave for predictions, gradients for steps. Tensors that have a row for each
 * feature lie first in the array of parameters, which is what makes packed steps possible.
 *
 * <p>Guarantees: losses and architectures are immutable; the gradient is that of the value, to
 * rounding; a gradient that is not finite names the row that caused it. Objectives are scratch: one
 * per subtask, not thread-safe, and free of allocation in steady state.
 *
 * <p>{@link io.millrace.core.model.Losses} and {@link io.millrace.core.model.Models} list what
 * there is.
 *
 * <p>Begin with {@link io.millrace.core.model.LogisticLoss} and {@link
 * io.millrace.core.model.LinearModel}, then {@link io.millrace.core.model.ModelObjective}.
 *
 * <p>May use {@code core.compute, core.features, core.learn, core.optim, core.rng, core.spec}.
 */
package io.millrace.core.model;
