/**
 * Rules that step along the gradient, its sign, or a moving mean of it, with one rate for all
 * parameters.
 *
 * <p>{@link io.millrace.core.optim.firstorder.Sgd} is the plainest and the one whose steps a
 * learner may take in place. {@link io.millrace.core.optim.firstorder.Momentum} and {@link
 * io.millrace.core.optim.firstorder.Nesterov} keep a buffer of past steps; {@link
 * io.millrace.core.optim.firstorder.Lion} and {@link
 * io.millrace.core.optim.firstorder.NormalizedGd} use the direction alone; {@link
 * io.millrace.core.optim.firstorder.NagGs} and its variant discretize an accelerated flow; {@link
 * io.millrace.core.optim.firstorder.Smb} builds a model of the loss where a step disappoints;
 * {@link io.millrace.core.optim.firstorder.XGradSgdm} takes the gradient where the parameters are
 * going to be.
 *
 * <p>Each file is one paper: its class documentation has the recurrence in the paper's letters, the
 * deviations from the paper, memory in multiples of the number of parameters d, and the questions
 * asked of the objective. The loop of the step has the same letters. Gradients come from the
 * objective, slots from the key's state; parameters and slots are changed in place.
 *
 * <p>The rules are cheap: memory 0 or 1 d, and one gradient a step. SMB alone asks for the loss as
 * well, and for a second gradient where the first step disappoints.
 *
 * <p>Begin with {@link io.millrace.core.optim.firstorder.Sgd}, then {@link
 * io.millrace.core.optim.firstorder.Momentum}.
 *
 * <p>May use {@code core.compute, core.optim, core.rng, core.spec}.
 */
package io.millrace.core.optim.firstorder;
